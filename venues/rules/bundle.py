"""Everything that decides on one room's bookings and prices, frozen and free of queries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Hours:
    """A stretch of a weekday (0 = Monday), minutes from local midnight."""

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True)
class Shut:
    """A closure: those minutes of each local day of the range; annual ones recur."""

    first_day: date
    last_day: date
    from_minute: int
    to_minute: int
    annual: bool
    message: str


@dataclass(frozen=True)
class PriceLine:
    """One price rule; ``for_room`` beats a venue's rule of equal priority."""

    id: int
    name: str
    for_room: bool
    weekdays: frozenset[int]
    from_minute: int
    to_minute: int
    first_day: date | None
    last_day: date | None
    plan_code: str
    hour_fen: int
    priority: int

    @property
    def rank(self) -> tuple[int, bool, int]:
        """The greatest rank wins: priority, then room before venue, then the newest."""
        return (self.priority, self.for_room, self.id)


@dataclass(frozen=True)
class Policy:
    """A booking policy with its cancellation tiers ``(hours before, percent kept)``."""

    id: int
    name: str
    min_notice_minutes: int
    max_notice_days: int
    min_minutes: int
    max_minutes: int
    step_minutes: int
    turnaround_minutes: int
    needs_approval: bool
    hold_minutes: int | None
    quota_minutes: int | None
    quota_period: str
    plan_codes: tuple[str, ...]
    check_in_early_minutes: int
    no_show_minutes: int
    no_show_exempt_minutes: int
    reminder_minutes: int
    tiers: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class RoomRules:
    """The bundle of one room at one ``version`` of its venue's rules.

    ``spaces`` are the leaf rooms that a booking claims (the room itself, or its parts).
    ``overrides`` maps a day to ``(is a workday, name)``. ``memo`` keeps computed days.
    """

    room_id: int
    room_name: str
    venue_id: int
    version: int
    zone: ZoneInfo
    seats: int
    units: int
    active: bool
    day_cap_fen: int | None
    spaces: tuple[int, ...]
    policy: Policy
    hours: tuple[Hours, ...]
    closures: tuple[Shut, ...]
    prices: tuple[PriceLine, ...]
    holidays: str
    closed_on_holidays: bool
    overrides: Mapping[date, tuple[bool, str]] = field(default_factory=dict)
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
