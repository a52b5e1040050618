"""Every route of the URLconf, as tests walk it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

SAMPLES = {
    "pk": 1,
    "id": 1,
    "token": "x",
    "name": "x",
    "action": "disable",
    "slug": "x",
    "path": "x",
    "day": "2026-01-05",
}


@dataclass(frozen=True)
class Route:
    """One pattern: its whole path with converters, the view, and an address that matches."""

    pattern: str
    view: Any
    address: str

    @property
    def kind(self) -> str:
        if self.pattern.startswith("records/"):
            return "records"
        return "api" if hasattr(self.view, "cls") or hasattr(self.view, "initkwargs") else "console"


def routes() -> list[Route]:
    return list(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, before: str) -> Iterator[Route]:
    for item in resolver.url_patterns:
        pattern = before + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from _walk(item, pattern)
        elif isinstance(item, URLPattern):
            yield Route(pattern, item.callback, "/" + _filled(pattern, item))


def _filled(pattern: str, item: URLPattern) -> str:
    """The pattern with every ``<converter:name>`` replaced by a value it accepts."""
    out = pattern
    while "<" in out:
        start, end = out.index("<"), out.index(">")
        kind, _sep, name = out[start + 1 : end].rpartition(":")
        out = out[:start] + _value(kind, name) + out[end + 1 :]
    return out.replace("^", "").replace("$", "").replace("\\Z", "")


def _value(kind: str, name: str) -> str:
    if kind == "int":
        return "1"
    if kind == "uuid":
        return "00000000-0000-0000-0000-000000000001"
    return str(SAMPLES.get(name, "x"))
