"""Global search: apps register providers, the shell asks all that the role may use."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

LIMIT = 6
"""Results that one provider may give."""


@dataclass(frozen=True)
class Result:
    """One hit. ``title`` and ``subtitle`` are plain text, personal data already masked."""

    kind: str | Promise
    title: str
    subtitle: str
    url: str
    icon: str = "search"


Provider = Callable[[str, Any, int], Iterable[Result]]
"""``(query, actor, limit)`` → results, best first, only of what ``actor`` may see."""

_providers: dict[Provider, str] = {}


def register(provider: Provider, *, permission: str) -> None:
    """Add a provider, asked only for staff who hold ``permission``."""
    _providers[provider] = permission


def find(query: str, actor: Any, limit: int = LIMIT) -> list[Result]:
    """Ask every allowed provider; a blank query finds nothing."""
    wanted = query.strip()
    if not wanted:
        return []
    allowed = [provider for provider, permission in _providers.items() if actor.has_perm(permission)]
    return [item for provider in allowed for item in list(provider(wanted, actor, limit))[:limit]]
