"""Run several processes as one: whoever ends, ends all, and nothing stays behind.

Every child leads a process group of its own. A guardian process holds the other end of a
pipe: when the supervisor is killed without a chance to clean up, the pipe closes and the
guardian ends every group.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

GRACE_S = 10.0
"""How long a child may take to finish what it is doing."""

_GUARDIAN = """
import os, signal, sys, time
for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP): signal.signal(name, signal.SIG_IGN)
groups = [line.strip() for line in sys.stdin]
if groups[-1:] != ["done"]:
    def tell(what):
        for group in groups:
            try: what(int(group))
            except ProcessLookupError: pass
    tell(lambda group: os.kill(group, signal.SIGTERM))
    time.sleep(3)
    tell(lambda group: os.killpg(group, signal.SIGKILL))
"""


class Stopped(Exception):
    """Somebody asked the supervisor to stop, or a child ended by itself (then ``reason`` says which)."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason


class Supervisor:
    """Start children in order; stop them in the opposite order."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self._asked = False
        self._parent = os.getppid()
        self._guardian = subprocess.Popen(
            [sys.executable, "-c", _GUARDIAN], stdin=subprocess.PIPE, start_new_session=True
        )
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, self._ask)

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        """A child whose lines are shown with its name before them."""
        child = subprocess.Popen(
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._remember(child.pid)
        self.children[name] = child
        threading.Thread(target=self._show, args=(name, child), daemon=True).start()
        return child

    def check(self) -> None:
        """Raises Stopped when it is time to stop."""
        if self._asked or ("MAKELEVEL" in os.environ and os.getppid() != self._parent):
            raise Stopped
        for name, child in self.children.items():
            if child.poll() is not None:
                raise Stopped(f"{name} stopped by itself ({_how(child.returncode)})")

    def finish(self, name: str) -> int:
        """Wait for a child that ends by itself; answers its exit code."""
        child = self.children.pop(name)
        try:
            while child.poll() is None:
                self.check()
                time.sleep(0.05)
        except Stopped:
            self.children[name] = child
            raise
        return int(child.returncode)

    def wait(self, until: Callable[[], bool] = lambda: False, seconds: float = float("inf")) -> bool:
        """Watch over the children until the condition holds or the time is over; answers which."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.check()
            if until():
                return True
            time.sleep(0.1)
        return False

    def stop(self) -> None:
        """Ask every child, the first one (which the others lean on) last; after the grace, end whole groups."""
        deadline = time.monotonic() + GRACE_S
        children = list(self.children.values())
        for child in children[1:]:
            child.terminate()
        for child in children[1:]:
            _wait(child, deadline)
        for child in children[:1]:
            child.terminate()
            _wait(child, deadline + 2)
        for child in children:
            _end_group(child.pid)
            child.wait()
        assert self._guardian.stdin is not None
        self._guardian.stdin.write(b"done\n")
        self._guardian.stdin.close()
        self._guardian.wait()

    def _remember(self, group: int) -> None:
        assert self._guardian.stdin is not None
        self._guardian.stdin.write(f"{group}\n".encode())
        self._guardian.stdin.flush()

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked = True

    def _show(self, name: str, child: "subprocess.Popen[bytes]") -> None:
        assert child.stdout is not None
        for line in child.stdout:
            self.say(f"{name:>9} | {line.decode(errors='replace').rstrip()}")


def _wait(child: "subprocess.Popen[bytes]", deadline: float) -> None:
    try:
        child.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return


def _end_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def _how(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
