"""The one way out: HTTP to named origins, no redirects, no private addresses."""

import ipaddress
import socket
from typing import Any
from urllib.parse import urlsplit

import httpx

from core.errors import Unavailable

TIMEOUT_S = 5.0
_client = httpx.Client(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False)


class Refused(Unavailable):
    """The address is private and not one that this instance was configured to reach."""


def call(method: str, url: str, *, trusted_origin: str = "", **arguments: Any) -> httpx.Response:
    """Send one request; ``trusted_origin`` (from the settings) may be a private address.

    Raises Refused for another private address, Unavailable (503) where nobody answers.
    """
    if not _same_origin(url, trusted_origin):
        _refuse_private(url)
    try:
        return _client.request(method, url, **arguments)
    except httpx.HTTPError as error:
        raise Unavailable(data={"away": "wechat"}) from error


def _same_origin(url: str, origin: str) -> bool:
    left, right = urlsplit(url), urlsplit(origin)
    return bool(origin) and (left.scheme, left.netloc) == (right.scheme, right.netloc)


def _refuse_private(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise Refused
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, proto=socket.IPPROTO_TCP)
    except OSError as error:
        raise Unavailable from error
    for *_rest, address in found:
        if not ipaddress.ip_address(address[0]).is_global:
            raise Refused
