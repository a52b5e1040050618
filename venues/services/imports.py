"""Many venues or rooms at once: all are written, or none."""

from collections.abc import Sequence
from typing import Any

from core import audit
from core.transactions import unit
from venues.models import OpeningHours, Room, StaffScope, Venue
from venues.services.records import rules_changed, set_parts


@unit
def import_venues(*, rows: Sequence[dict[str, Any]], by: Any) -> int:
    """Create a venue for each row, open every day from ``opens`` to ``closes`` where they are given.

    Who may not see every venue gets the new ones into their scope. Answers how many.
    """
    for row in rows:
        fields = {name: value for name, value in row.items() if name not in ("opens", "closes")}
        venue = Venue.objects.create(**fields)
        if row.get("opens") is not None:
            OpeningHours.objects.bulk_create(
                OpeningHours(venue=venue, weekday=day, opens_minute=row["opens"], closes_minute=row["closes"])
                for day in range(7)
            )
        if not (by.all_venues or by.is_superuser):
            StaffScope.objects.create(user=by, venue=venue)
    audit.record(actor=by, action="venue.import", subject=by, after={"venues": len(rows)})
    return len(rows)


@unit
def import_rooms(*, rows: Sequence[dict[str, Any]], by: Any) -> int:
    """Create a room for each row; ``parts`` are names of rooms in its venue. Answers how many.

    Raises Invalid (field ``parts``) where the parts do not make a whole.
    """
    made = [(_room(row), row.get("parts") or []) for row in rows]
    for room, names in made:
        if names:
            set_parts(room=room, parts=list(Room.objects.filter(venue=room.venue_id, name__in=names)))
    rules_changed(venue_ids={room.venue_id for room, _names in made})
    audit.record(actor=by, action="room.import", subject=by, after={"rooms": len(rows)})
    return len(rows)


def _room(row: dict[str, Any]) -> Room:
    return Room.objects.create(
        venue=row["venue"],
        policy=row["policy"],
        name=row["name"],
        seats=row.get("seats") or 1,
        units=row.get("units") or 1,
        equipment=row.get("equipment") or [],
        description=row.get("description", ""),
        day_cap_fen=row.get("day_cap"),
        active=row.get("active", True),
    )
