"""The desk in tests: a browserless console client with a role, and bookings made the way the desk makes them."""

from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from bookings.models import Booking
from core import clock
from orders import services as orders
from orders.models import Order
from orders.registry import Buyer
from orders.services.placing import parse_lines
from staff.models import Role, User
from venues.models import Room, StaffScope


def console(role: str, *, venues: Any = None, language: str = "en") -> Client:
    """A signed-in client of somebody with a built-in role; of all venues unless some are named."""
    name = f"{role}-{User.objects.count()}"
    user = User.objects.create_user(name, "a-long-enough-one", name=role.title(), all_venues=venues is None)
    User.objects.filter(pk=user.pk).update(language=language)
    user.roles.set(Role.objects.filter(slug=role))
    StaffScope.objects.bulk_create(StaffScope(user=user, venue=venue) for venue in venues or [])
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def slot(hours: float = 0, *, days: int = 2) -> datetime:
    """02:00 UTC (10:00 in Shanghai) some days ahead, and hours later."""
    day = clock.now() + timedelta(days=days)
    return day.replace(hour=2, minute=0, second=0, microsecond=0) + timedelta(hours=hours)


def booked(room: Room, *, start: datetime | None = None, hours: float = 1, pay: bool = False, **buyer: Any) -> Booking:
    """A booking of one room, paid in cash if wanted."""
    begins = start or slot()
    raw = {"kind": "room", "room": str(room.pk), "starts_at": begins.isoformat()}
    raw["ends_at"] = (begins + timedelta(hours=hours)).isoformat()
    order = orders.place_order(
        wishes=parse_lines([raw]), buyer=Buyer(**buyer), at=clock.now(), source=Order.Source.CONSOLE
    )
    if pay:
        staff = User.objects.first()
        orders.take_desk_payment(
            order_id=order.pk, method="cash", amount_fen=order.payable_fen, by=staff, at=clock.now()
        )
    return Booking.objects.select_related("line__order").get(line__order=order)
