"""Quarter-hours since 1970-01-01T00:00Z, and local days in them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SLOT_SECONDS = 900
SLOT_MINUTES = 15
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def slot_of(instant: datetime) -> int:
    """The slot that contains an instant."""
    return int((instant - _EPOCH).total_seconds()) // SLOT_SECONDS


def slot_instant(slot: int) -> datetime:
    """The instant at which a slot begins, UTC."""
    return _EPOCH + timedelta(seconds=slot * SLOT_SECONDS)


def slots_between(starts_at: datetime, ends_at: datetime, *, extra_minutes: int = 0) -> range:
    """The slots that a stretch touches; ``extra_minutes`` (turnaround) rounds up to the grain."""
    end = ends_at + timedelta(minutes=extra_minutes)
    seconds = int((end - _EPOCH).total_seconds())
    return range(slot_of(starts_at), -(-seconds // SLOT_SECONDS))


def wall_instant(zone: ZoneInfo, day: date, minute: int, *, closing: bool = False) -> datetime:
    """The UTC instant of a wall-clock minute of a local day (1440 is the next midnight).

    In the repeated hour of autumn something opens the first time and closes the second.
    In the hour that spring skips, the clock has already jumped ahead.
    """
    naive = datetime.combine(day, time()) + timedelta(minutes=minute)
    first = naive.replace(tzinfo=zone).astimezone(UTC)
    if closing:
        second = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
        return max(first, second)
    return first


def local_date(zone: ZoneInfo, instant: datetime) -> date:
    """The local day on which an instant falls."""
    return instant.astimezone(zone).date()


def local_minute(zone: ZoneInfo, instant: datetime) -> int:
    """Minutes from local midnight by the wall clock."""
    local = instant.astimezone(zone)
    return local.hour * 60 + local.minute
