"""The one place where a booking changes its state."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bookings.models import Booking, BookingEvent
from bookings.rules import TRANSITIONS
from core import states
from core.errors import NotFound
from core.transactions import lock_one
from orders.models import Order


def locked(booking_id: int) -> Booking:
    """Lock a booking's order, then the booking, and read it freshly. Raises NotFound."""
    order_id = Booking.objects.filter(pk=booking_id).values_list("line__order_id", flat=True).first()
    if order_id is not None:
        lock_one(Order.objects.only("pk"), order_id)
    found = lock_one(Booking.objects.select_related("room", "venue", "member"), booking_id)
    if found is None:
        raise NotFound
    return found


def move(
    booking: Booking, action: str, *, at: datetime, by: Any = None, fields: Iterable[str] = (), **data: Any
) -> None:
    """Move a locked booking along the table and write its story. Raises WrongState."""
    before = booking.status
    booking.status = states.target(TRANSITIONS, action, before)
    booking.save(update_fields=["status", *fields])
    BookingEvent.objects.create(**told(booking, action, at=at, by=by, before=before, data=data))


def told(
    booking: Booking, action: str, *, at: datetime, by: Any = None, before: str = "", data: Mapping[str, Any]
) -> dict[str, Any]:
    """The values of one line of a booking's story."""
    staff = by if getattr(by, "is_staff", False) else None
    return {
        "booking": booking,
        "at": at,
        "action": action,
        "from_status": before,
        "to_status": booking.status,
        "by": staff,
        "actor": "staff" if staff else "member" if by is not None else "system",
        "data": dict(data),
    }


def tell(booking: Booking, action: str, *, at: datetime, by: Any = None, **data: Any) -> None:
    """One line of the story without a change of state."""
    BookingEvent.objects.create(**told(booking, action, at=at, by=by, before=booking.status, data=data))
