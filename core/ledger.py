"""Invariants that can be checked: apps register checks, the command and the page run them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils.functional import Promise

from core.errors import NotFound


@dataclass(frozen=True)
class Drift:
    """One place where the books disagree.

    ``subject`` names the row (``"bookings.booking:12"``), ``text`` says what is wrong,
    ``data`` holds JSON-able figures, which the check's fix may use.
    """

    subject: str
    text: str
    data: Mapping[str, Any] = field(default_factory=dict)


Checker = Callable[[], Iterable[Drift]]
Fix = Callable[[Drift, datetime], None]
"""``fix(drift, at)`` repairs one drift through the app's services; safe to repeat."""


@dataclass(frozen=True)
class Check:
    """One invariant: ``check()`` yields its drifts with flat memory, ``fix`` repairs one."""

    name: str
    label: str | Promise
    check: Checker
    fix: Fix | None = None


_checks: dict[str, Check] = {}


def register(name: str, label: str | Promise, check: Checker, fix: Fix | None = None) -> None:
    """Add an invariant; ``name`` is dotted, such as ``bookings.claims``."""
    _checks[name] = Check(name, label, check, fix)


def all_checks() -> list[Check]:
    """Every registered check, by name."""
    return [_checks[name] for name in sorted(_checks)]


def get(name: str) -> Check:
    """The check of that name. Raises NotFound."""
    try:
        return _checks[name]
    except KeyError:
        raise NotFound(code="not_found") from None


def drifts(check: Check, limit: int | None = None) -> Iterator[Drift]:
    """Run one check; at most ``limit`` drifts."""
    return islice(iter(check.check()), limit)


def repair(check: Check, at: datetime, limit: int | None = None) -> int:
    """Fix what a check finds; answers how many were repaired. A check without a fix repairs nothing."""
    if check.fix is None:
        return 0
    found = list(drifts(check, limit))
    for drift in found:
        check.fix(drift, at)
    return len(found)
