"""The demonstration's two venues and ten rooms, with their hours, prices and policies."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from venues.models import (
    BookingPolicy,
    CancellationTier,
    Closure,
    OpeningHours,
    PriceRule,
    Room,
    Venue,
)

WEEKDAYS, WEEKEND = "01234", "56"


@dataclass(frozen=True)
class Place:
    """A venue as a table; policies and rooms by name, hours as ``(weekdays, opens, closes)``."""

    slug: str
    fields: dict[str, Any]
    hours: tuple[tuple[str, int, int], ...]
    policies: dict[str, dict[str, Any]]
    tiers: dict[str, tuple[tuple[int, int], ...]]
    rooms: tuple[dict[str, Any], ...]
    prices: tuple[dict[str, Any], ...]
    closures: tuple[dict[str, Any], ...]
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)


def make_places(tables: tuple[Place, ...]) -> int:
    """Create the venues that are not there yet, whole; answers how many were made."""
    known = set(Venue.objects.values_list("slug", flat=True))
    missing = [table for table in tables if table.slug not in known]
    for table in missing:
        _make(table)
    return len(missing)


def _make(table: Place) -> None:
    venue = Venue.objects.create(slug=table.slug, **table.fields)
    policies = {name: _policy(venue, name, table) for name in table.policies}
    rooms = {row["name"]: _room(venue, row, policies, sort) for sort, row in enumerate(table.rooms)}
    for whole, parts in table.parts.items():
        rooms[whole].parts.set(rooms[part] for part in parts)
    _hours(venue, None, table.hours)
    for row in table.rooms:
        _hours(venue, rooms[row["name"]], row.get("hours", ()))
    for row in table.prices:
        PriceRule.objects.create(venue=venue, **{**row, "room": rooms.get(row.get("room", ""))})
    for row in table.closures:
        Closure.objects.create(venue=venue, **{**row, "room": rooms.get(row.get("room", ""))})


def _policy(venue: Venue, name: str, table: Place) -> BookingPolicy:
    made = BookingPolicy.objects.create(venue=venue, name=name, **table.policies[name])
    CancellationTier.objects.bulk_create(
        CancellationTier(policy=made, hours_before=hours, percent_kept=kept) for hours, kept in table.tiers[name]
    )
    return made


def _room(venue: Venue, row: dict[str, Any], policies: dict[str, BookingPolicy], sort: int) -> Room:
    plain = {name: value for name, value in row.items() if name not in ("policy", "hours")}
    return Room.objects.create(venue=venue, policy=policies[row["policy"]], sort=sort, **plain)


def _hours(venue: Venue, room: Room | None, stretches: tuple[tuple[str, int, int], ...]) -> None:
    OpeningHours.objects.bulk_create(
        OpeningHours(venue=venue, room=room, weekday=int(day), opens_minute=opens, closes_minute=closes)
        for days, opens, closes in stretches
        for day in days
    )


def annual(month: int, first: int, last: int) -> dict[str, Any]:
    """The days of a closure that recurs every year."""
    return {"first_day": date(2024, month, first), "last_day": date(2024, month, last), "annual": True}
