"""What a closure of rooms would cover: live bookings, by their claims."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from django.db.models import Min

from bookings.models import Booking, RoomClaim
from venues.models import Room
from venues.registry import Covered, Stretch
from venues.rules import slots_between

_LIMIT = 20


def covered(room_ids: Sequence[int], stretches: Sequence[Stretch]) -> Iterator[Covered]:
    """Live bookings that claim a part of these rooms in these UTC stretches; at most twenty."""
    parts = Room.parts.through.objects.filter(from_room__in=room_ids).values_list("to_room", flat=True)
    spaces = {*room_ids, *parts}
    seen: set[int] = set()
    for starts_at, ends_at in stretches:
        slots = slots_between(starts_at, ends_at)
        claims = RoomClaim.objects.filter(space__in=spaces, slot_start__gte=slots.start, slot_start__lt=slots.stop)
        claims = claims.filter(booking__status__in=Booking.CLAIMING)
        keys = claims.values_list("booking").annotate(first=Min("slot_start")).order_by("first")
        wanted = [pk for pk, _first in keys[:_LIMIT] if pk not in seen]
        seen.update(wanted)
        for booking in Booking.objects.filter(pk__in=wanted).select_related("room", "venue").order_by("starts_at"):
            yield _shown(booking)
        if len(seen) >= _LIMIT:
            return


def _shown(booking: Booking) -> Covered:
    from_to = [instant.astimezone(ZoneInfo(booking.venue.timezone)) for instant in (booking.starts_at, booking.ends_at)]
    text = f"{booking.room.name} {from_to[0]:%Y-%m-%d %H:%M}–{from_to[1]:%H:%M} ({booking.code})"
    return Covered(text, booking.starts_at, booking.ends_at)
