"""A load client that costs little: keep-alive sockets on one epoll loop, requests made beforehand."""

import select
import socket
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.client import Key, signed_headers


@dataclass
class Result:
    """What came back: statuses, seconds each, and how long the whole took."""

    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    seconds: float = 0.0
    bodies: list[bytes] = field(default_factory=list)

    def add(self, status: int, body: bytes, since: float, keep: bool) -> None:
        """Count one answer."""
        self.statuses[status] += 1
        self.times.append(time.perf_counter() - since)
        if keep:
            self.bodies.append(body)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds

    def percentile(self, share: float) -> float:
        """Seconds within which that share was answered."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def request(method: str, url: str, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    """The bytes of one HTTP/1.1 request."""
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [f"{method} {target} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {text}" for name, text in (headers or {}).items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def signed(key: Key, method: str, url: str, body: bytes = b"", idempotency_key: str | None = None) -> bytes:
    """The bytes of one signed request."""
    return request(method, url, signed_headers(key, method, url, body, idempotency_key=idempotency_key), body)


class _Line:
    """One connection with at most one request under way."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.socket = socket.create_connection((parts.hostname or "", parts.port or 80))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.read = b""
        self.sent = 0.0

    def send(self, content: bytes, due: float) -> None:
        self.sent, self.read = due, b""
        self.socket.sendall(content)

    def answer(self) -> tuple[int, bytes] | None:
        """Status and body once the answer is whole."""
        self.read += self.socket.recv(262144)
        head, separator, body = self.read.partition(b"\r\n\r\n")
        if not separator:
            return None
        at = head.lower().index(b"content-length:") + 15
        length = int(head[at:].split(b"\r\n", 1)[0])
        return (int(head[9:12]), body) if len(body) >= length else None


def fire(url: str, requests: Sequence[bytes], connections: int, *, rate: float = 0.0, keep: bool = False) -> Result:
    """Send all; as fast as answers come, or at ``rate`` a second (then times count from when each was due)."""
    result, lines = Result(), [_Line(url) for _ in range(connections)]
    by_number = {line.socket.fileno(): line for line in lines}
    poll = select.epoll()
    for number in by_number:
        poll.register(number, select.EPOLLIN)
    idle, sent, started = list(lines), 0, time.perf_counter()
    while len(result.times) < len(requests):
        while idle and sent < len(requests):
            now = time.perf_counter()
            due = started + sent / rate if rate else now
            if due > now:
                break
            idle.pop().send(requests[sent], due)
            sent += 1
        for number, _ in poll.poll(0.001 if rate and sent < len(requests) else 1.0):
            line = by_number[number]
            answer = line.answer()
            if answer is not None:
                result.add(*answer, line.sent, keep)
                idle.append(line)
    result.seconds = time.perf_counter() - started
    for line in lines:
        line.socket.close()
    return result
