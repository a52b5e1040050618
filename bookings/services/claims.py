"""The one function that makes double booking impossible, and its reverse.

Truth is ``RoomClaim UNIQUE(space, unit, slot_start)``. Whoever claims first locks the spaces'
rows in primary-key order, so two never wait for each other in a circle.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError

from bookings import rules
from bookings.errors import SlotTaken
from bookings.models import Booking, RoomClaim
from core import prepared
from core.transactions import lock, violates
from venues.models import Room
from venues.rules import RoomRules, slot_of

_LOCK = prepared.Prepared(
    lambda pk: Room.objects.filter(pk=pk).order_by().select_for_update().values_list("pk"), prepared.whole(0)
)


def lock_spaces(spaces: Iterable[int]) -> None:
    """Lock the rows of leaf rooms in primary-key order."""
    spaces = set(spaces)
    if len(spaces) == 1:
        _LOCK.rows(*spaces)
        return
    lock(Room.objects.only("pk"), spaces)


def claim(pairs: Sequence[tuple[Booking, RoomRules]]) -> None:
    """Insert the claims of saved bookings, all or none. Raises SlotTaken.

    Serves create, approve, move, extend, events and closures alike.
    """
    rows = [
        RoomClaim(space_id=space, unit=booking.unit, slot_start=slot, booking=booking)
        for booking, bundle in pairs
        for space in bundle.spaces
        for slot in rules.claim_slots(booking.starts_at, booking.ends_at, booking.policy)
    ]
    try:
        RoomClaim.objects.bulk_create(rows)
    except IntegrityError as error:
        if violates(error, RoomClaim, "claim_once"):
            raise SlotTaken from error
        raise


def release(bookings: Iterable[Booking]) -> int:
    """Give every claim of these bookings back; answers how many there were."""
    return RoomClaim.objects.filter(booking__in=list(bookings)).delete()[0]


def release_after(booking: Booking, at: datetime) -> int:
    """Give back what lies after ``at`` and its turnaround (ending early)."""
    turnaround = timedelta(minutes=int(booking.policy.get("turnaround_minutes", 0)))
    first_free = slot_of(at + turnaround - timedelta(microseconds=1)) + 1
    return RoomClaim.objects.filter(booking=booking, slot_start__gte=first_free).delete()[0]
