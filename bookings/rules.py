"""Pure rules of bookings: the table of states, codes, occurrences, windows."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.states import Transitions
from venues.rules import slots_between

PENDING, HELD, CONFIRMED, CHECKED_IN = "pending", "held", "confirmed", "checked_in"
COMPLETED, CANCELLED, REJECTED = "completed", "cancelled", "rejected"
EXPIRED, NO_SHOW = "expired", "no_show"

TRANSITIONS: Transitions = {
    "approve": (frozenset({PENDING}), HELD),
    "reject": (frozenset({PENDING}), REJECTED),
    "confirm": (frozenset({HELD}), CONFIRMED),
    "check_in": (frozenset({CONFIRMED}), CHECKED_IN),
    "end": (frozenset({CHECKED_IN}), COMPLETED),
    "complete": (frozenset({CONFIRMED, CHECKED_IN}), COMPLETED),
    "no_show": (frozenset({CONFIRMED}), NO_SHOW),
    "cancel": (frozenset({PENDING, HELD, CONFIRMED}), CANCELLED),
    "expire": (frozenset({PENDING, HELD}), EXPIRED),
}
MOVABLE = frozenset({PENDING, HELD, CONFIRMED})
EXTENDABLE = MOVABLE | {CHECKED_IN}
STRIKE_DAYS = 90
MOST_OCCURRENCES = 26
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Repeat:
    """``daily`` or ``weekly``, ``count`` occurrences in all; conflicts are skipped or refused."""

    freq: str
    count: int
    skip_conflicts: bool = False

    def as_json(self) -> dict[str, Any]:
        """As stored on a series and shown by the API."""
        return {"freq": self.freq, "count": self.count, "skip_conflicts": self.skip_conflicts}


def new_code() -> str:
    """A check-in code of eight letters and digits that are not mixed up when read aloud."""
    return "".join(secrets.choice(_LETTERS) for _ in range(8))


def occurrences(
    zone: ZoneInfo, starts_at: datetime, ends_at: datetime, repeat: Repeat | None
) -> list[tuple[datetime, datetime]]:
    """The stretches of a wish in UTC; repeated ones keep their wall clock in the venue's zone."""
    if repeat is None:
        return [(starts_at, ends_at)]
    days = 1 if repeat.freq == "daily" else 7
    first, last = starts_at.astimezone(zone), ends_at.astimezone(zone)
    return [
        (
            (first + timedelta(days=days * n)).astimezone(UTC),
            (last + timedelta(days=days * n)).astimezone(UTC),
        )
        for n in range(repeat.count)
    ]


def overlaps_itself(repeat: Repeat | None, starts_at: datetime, ends_at: datetime, turnaround_minutes: int) -> bool:
    """Whether an occurrence would still run, or be turned around, when the next begins."""
    if repeat is None:
        return False
    apart = timedelta(days=1 if repeat.freq == "daily" else 7)
    return ends_at - starts_at + timedelta(minutes=turnaround_minutes) > apart


def claim_slots(starts_at: datetime, ends_at: datetime, policy: Mapping[str, Any]) -> range:
    """The slots that a booking claims: its time and its turnaround."""
    return slots_between(starts_at, ends_at, extra_minutes=int(policy.get("turnaround_minutes", 0)))


def free_unit(units: int, spaces: Sequence[int], slots: range, taken: set[tuple[int, int, int]]) -> int | None:
    """The lowest unit that is free in every space for every slot; None where there is none."""
    for unit in range(1, units + 1):
        if not any((space, unit, slot) in taken for space in spaces for slot in slots):
            return unit
    return None


def check_in_window(policy: Mapping[str, Any], starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    """From when until when a guest may check in."""
    return starts_at - timedelta(minutes=int(policy.get("check_in_early_minutes", 15))), ends_at


def no_show_at(policy: Mapping[str, Any], starts_at: datetime, ends_at: datetime) -> datetime | None:
    """When an unused booking is released; None for long ones, which are exempt."""
    if ends_at - starts_at >= timedelta(minutes=int(policy.get("no_show_exempt_minutes", 480))):
        return None
    due = starts_at + timedelta(minutes=int(policy.get("no_show_minutes", 15)))
    return due if due < ends_at else None
