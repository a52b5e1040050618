"""Schedule, move and cancel timers: the only writer besides the engine.

Call these in the transaction of the cause, with the subject's row locked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model

from core.transactions import unit
from timers import registry, rules
from timers.models import Timer

_REPLACED = (
    "due_at", "wall_clock", "zone", "late_policy", "skip_after", "state", "attempts", "lease_token",
    "lease_until", "payload", "reason", "created_at", "error",
)  # fmt: skip
_BATCH = 500


@dataclass(frozen=True)
class Wanted:
    """One timer for `schedule_many`; the fields are those of `schedule`."""

    subject: Model
    due_at: datetime | None = None
    reason: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)
    skip_after: datetime | None = None
    wall_clock: str = ""
    zone: str = ""


@unit
def schedule(
    *,
    kind: str,
    subject: Model,
    at: datetime,
    due_at: datetime | None = None,
    reason: str = "",
    payload: Mapping[str, Any] | None = None,
    skip_after: datetime | None = None,
    wall_clock: str = "",
    zone: str = "",
) -> Timer:
    """Arm the one timer of this kind that ``subject`` may have; a live one is replaced.

    ``due_at`` is UTC; where the cause is wall-clock give ``wall_clock`` (``2026-11-01T09:00``)
    and ``zone`` instead or as well, and the timer follows changes of the zone's rules.
    ``skip_after`` is required for kinds with SKIP_IF_AFTER. Kinds with COALESCE keep the earlier
    of two due times. Raises LookupError (unknown kind), ValueError, BadWallClock.
    """
    wanted = Wanted(subject, due_at, reason, payload or {}, skip_after, wall_clock, zone)
    return schedule_many(kind=kind, wanted=[wanted], at=at)[0]


@unit
def schedule_many(*, kind: str, wanted: Sequence[Wanted], at: datetime) -> list[Timer]:
    """Arm a timer for each of ``wanted``: one insert for 500 of them. See `schedule`."""
    handler = registry.get(kind)
    rows = [_row(handler, item, at) for item in wanted]
    if handler.late_policy == Timer.Late.COALESCE:
        _keep_earlier(rows)
    for start in range(0, len(rows), _BATCH):
        _upsert(rows[start : start + _BATCH])
    return rows


@unit
def cancel(*, kind: str, subject: Model) -> bool:
    """Disarm; False where no timer is live (it has fired already, or never was)."""
    changed = _live(kind, subject).update(state=Timer.State.CANCELLED, open_key=None, lease_token="", lease_until=None)
    return bool(changed)


@unit
def reschedule(
    *,
    kind: str,
    subject: Model,
    at: datetime,
    due_at: datetime | None = None,
    reason: str | None = None,
    skip_after: datetime | None = None,
    wall_clock: str = "",
    zone: str = "",
) -> bool:
    """Move a live timer, also one that is just being fired (its lease is taken away).

    False where none is live: it has fired already, and nothing was changed.
    """
    changes: dict[str, Any] = {
        "due_at": _due(due_at, wall_clock, zone), "wall_clock": wall_clock, "zone": zone, "attempts": 0,
        "state": Timer.State.SCHEDULED, "lease_token": "", "lease_until": None, "error": "",
    }  # fmt: skip
    if reason is not None:
        changes["reason"] = reason
    if skip_after is not None:
        changes["skip_after"] = skip_after
    return bool(_live(kind, subject).update(**changes))


def _live(kind: str, subject: Model) -> Any:
    return Timer.objects.filter(open_key=rules.open_key(kind, subject._meta.label_lower, subject.pk))


def _due(due_at: datetime | None, wall_clock: str, zone: str) -> datetime:
    if due_at is None:
        if not wall_clock:
            raise ValueError("A timer needs due_at, or wall_clock and zone.")
        return rules.due_at(wall_clock, zone)
    if due_at.tzinfo is None:
        raise ValueError("due_at must carry its time zone.")
    return due_at


def _row(handler: registry.TimerKind, item: Wanted, at: datetime) -> Timer:
    subject_type = item.subject._meta.label_lower
    if subject_type != handler.subject_type:
        raise ValueError(f"{handler.name} is about {handler.subject_type}, not {subject_type}")
    if handler.late_policy == Timer.Late.SKIP_IF_AFTER and item.skip_after is None:
        raise ValueError(f"{handler.name} needs skip_after: it is useless when late")
    return Timer(
        kind=handler.name,
        subject_type=subject_type,
        subject_id=item.subject.pk,
        open_key=rules.open_key(handler.name, subject_type, item.subject.pk),
        due_at=_due(item.due_at, item.wall_clock, item.zone),
        wall_clock=item.wall_clock,
        zone=item.zone,
        late_policy=handler.late_policy,
        skip_after=item.skip_after,
        payload=dict(item.payload),
        reason=str(item.reason)[:200],
        created_at=at,
    )


def _keep_earlier(rows: Sequence[Timer]) -> None:
    """COALESCE: several causes, one firing, at the earliest of their times."""
    keys = [row.open_key for row in rows]
    known = dict(Timer.objects.filter(open_key__in=keys).values_list("open_key", "due_at"))
    for row in rows:
        row.due_at = min(row.due_at, known.get(row.open_key, row.due_at))


def _upsert(rows: Sequence[Timer]) -> None:
    """Insert, or replace the live timer of the same key, in one statement."""
    named = connection.features.supports_update_conflicts_with_target
    Timer.objects.bulk_create(
        rows,
        update_conflicts=True,
        update_fields=_REPLACED,
        unique_fields=["open_key"] if named else None,
    )
