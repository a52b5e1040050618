"""Sections that upper apps put on a member's page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from members.models import Member

Loader = Callable[[Member, Any, datetime], dict[str, Any] | None]
"""``(member, staff user, at)`` → the template's context, or None where there is nothing to show."""


@dataclass(frozen=True)
class Panel:
    """One section: who may see it, and the template that shows what ``load`` finds."""

    key: str
    label: str | Promise
    template: str
    load: Loader
    permission: str
    order: int


@dataclass(frozen=True)
class Section:
    """A panel with what it found for one member."""

    key: str
    label: str | Promise
    template: str
    context: dict[str, Any]


_panels: dict[str, Panel] = {}


def panel(key: str, label: str | Promise, template: str, load: Loader, *, permission: str, order: int = 50) -> None:
    """Put a section on every member's page for staff who hold ``permission``; one or two cheap queries each."""
    _panels[key] = Panel(key, label, template, load, permission, order)


def sections_for(member: Member, user: Any, at: datetime) -> list[Section]:
    """The sections that ``user`` may see of ``member``, in order; empty ones are left out."""
    allowed = [item for item in _panels.values() if user.has_perm(item.permission)]
    loaded = [(item, item.load(member, user, at)) for item in sorted(allowed, key=lambda item: (item.order, item.key))]
    return [Section(item.key, item.label, item.template, found) for item, found in loaded if found is not None]
