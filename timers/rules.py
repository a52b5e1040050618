"""Pure rules of timers: keys, back-off, lateness, wall clocks."""

import random
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from timers.errors import BadWallClock

MAX_ATTEMPTS = 10
BACKOFF_FIRST_S = 2.0
BACKOFF_LONGEST_S = 600.0
QUIET_FROM_HOUR, QUIET_UNTIL_HOUR = 22, 8


def open_key(kind: str, subject_type: str, subject_id: int) -> str:
    """The key of the one live timer of a kind that a subject may have."""
    return f"{kind}:{subject_type}:{subject_id}"


def backoff(attempts: int, chance: Callable[[], float] = random.random) -> timedelta:
    """How long to wait after the given number of failed attempts (1 = the first).

    Doubles from 2 s to at most 10 min, then takes a random half to whole of it, so that what
    failed together does not come back together.
    """
    longest = min(BACKOFF_FIRST_S * 2.0 ** min(attempts - 1, 30), BACKOFF_LONGEST_S)
    return timedelta(seconds=longest * (0.5 + chance() / 2))


def due_at(wall_clock: str, zone: str) -> datetime:
    """The UTC instant of a local time such as ``2026-11-01T09:00`` in an IANA zone.

    A time that the clocks skip (spring) is the same distance after the gap's start, so it is
    never earlier than asked; one that comes twice (autumn) is its first coming.
    Raises BadWallClock (400).
    """
    try:
        local = datetime.fromisoformat(wall_clock)
        place = ZoneInfo(zone)
    except (ValueError, KeyError, OSError) as error:
        raise BadWallClock(data={"wall_clock": wall_clock, "zone": zone}) from error
    if local.tzinfo is not None or not zone:
        raise BadWallClock(data={"wall_clock": wall_clock, "zone": zone})
    return local.replace(tzinfo=place, fold=0).astimezone(UTC)


def next_wall_clock(start: str, *, months: int = 0, days: int = 0) -> str:
    """A later wall clock, counted from ``start`` so that month ends do not wear away.

    29 February plus 12 months is 28 February; plus 48 months it is 29 February again.
    """
    local = datetime.fromisoformat(start)
    total = local.year * 12 + local.month - 1 + months
    year, month = divmod(total, 12)
    day = min(local.day, monthrange(year, month + 1)[1])
    moved = datetime.combine(date(year, month + 1, day), local.time()) + timedelta(days=days)
    return moved.isoformat(timespec="minutes" if not moved.second else "seconds")


def after_quiet_hours(at: datetime, zone: str) -> datetime:
    """``at``, or 08:00 local time where it falls between 22:00 and 08:00 (marketing reminders)."""
    local = at.astimezone(ZoneInfo(zone))
    if QUIET_UNTIL_HOUR <= local.hour < QUIET_FROM_HOUR:
        return at
    day = local.date() + timedelta(days=1 if local.hour >= QUIET_FROM_HOUR else 0)
    return due_at(f"{day.isoformat()}T{QUIET_UNTIL_HOUR:02d}:00", zone)


def spread(at: datetime, window: timedelta, chance: Callable[[], float] = random.random) -> datetime:
    """``at`` plus a random part of ``window``: keeps reminders from starting as one herd."""
    return at + window * chance()
