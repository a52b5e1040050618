"""Who answers when a timer is due: one handler a kind, announced by the apps above."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise

from timers.models import Timer

Late = Timer.Late
Fire = Callable[[Any, Timer, datetime], None]
FireMany = Callable[[Sequence[tuple[Any, Timer]], datetime], None]
Guard = Callable[[Any, Timer, datetime], bool]
Locks = Callable[[Sequence[int]], Sequence[Any]]


@dataclass(frozen=True)
class TimerKind:
    """One kind of due work, such as ``orders.expire``.

    ``fire(subject, timer, at)`` runs inside the engine's transaction with the subject's row
    locked, then the timer's; it must not call the network. ``guard(subject, timer, at)`` says
    whether firing still makes sense: False skips. ``fire_many(pairs, at)`` takes a batch at
    once where one is due. ``locks(subject_ids)`` locks and returns the subjects itself where
    more rows must be locked before them. ``at`` is UTC, by the database's clock.
    """

    name: str
    subject_model: type[Model]
    label: str | Promise
    fire: Fire
    guard: Guard | None = None
    late_policy: str = Late.FIRE
    fire_many: FireMany | None = None
    locks: Locks | None = None

    @property
    def subject_type(self) -> str:
        """The subject's type as stored: ``orders.order``."""
        return self.subject_model._meta.label_lower


_kinds: dict[str, TimerKind] = {}


def register(kind: TimerKind) -> None:
    """Announce a kind. Raises ValueError where another handler has it."""
    known = _kinds.get(kind.name)
    if known is not None and known.fire is not kind.fire:
        raise ValueError(f"{kind.name} already has a handler")
    _kinds[kind.name] = kind


def get(name: str) -> TimerKind:
    """The kind of that name. Raises LookupError: a timer that nobody answers is a mistake."""
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(f"no handler is registered for timers of kind {name}") from None


def find(name: str) -> TimerKind | None:
    """The kind of that name, or None where its app is gone."""
    return _kinds.get(name)


def all_kinds() -> list[TimerKind]:
    """Every kind, by name."""
    return [_kinds[name] for name in sorted(_kinds)]
