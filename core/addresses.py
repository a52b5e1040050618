"""Where a request came from, behind a known number of proxies."""

from django.http import HttpRequest


def client_address(request: HttpRequest, proxies: int) -> str | None:
    """The address that the outermost trusted proxy saw; with no proxy, the peer.

    What a client writes into ``X-Forwarded-For`` itself stands left of that and is ignored.
    """
    peer = request.META.get("REMOTE_ADDR") or None
    if proxies <= 0:
        return peer
    hops = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    return hops[-min(proxies, len(hops))] if hops else peer
