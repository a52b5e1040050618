"""Cards of the home page: apps register what needs a hand today."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Card:
    """A figure with its meaning; ``url`` opens the list behind it, ``tone`` is one of core.tones."""

    label: str | Promise
    value: str | int
    hint: str | Promise = ""
    url: str = ""
    tone: str = ""


Maker = Callable[[Any, Any, datetime], Card | None]
"""``(user, venue or None, at)`` → a card, or None when there is nothing to say."""


@dataclass(frozen=True)
class Source:
    """Who makes a card, and the permission that lets staff see it."""

    name: str
    make: Maker
    permission: str
    order: int


_sources: dict[str, Source] = {}


def register(name: str, make: Maker, *, permission: str, order: int = 50) -> None:
    """Add a card to the home page of staff who hold ``permission``; one or two cheap queries each."""
    _sources[name] = Source(name, make, permission, order)


def all_cards() -> list[Source]:
    """Every source, in the order of the page."""
    return sorted(_sources.values(), key=lambda item: (item.order, item.name))
