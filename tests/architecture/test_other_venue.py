"""One venue's staff never see or change another's: every route that names an object, both methods."""

from typing import Any

import pytest
from django.apps import apps

from bookings.models import Strike
from core import clock
from members.models import Member
from orders import services as orders
from orders.models import Refund
from tests import desk, factories
from tests.architecture.urls import routes
from timers.models import Timer
from venues.models import Closure, Venue

pytestmark = pytest.mark.django_db
ACTIONS = ("approve", "reject", "check_in", "check-in", "end", "move", "cancel", "pay", "refund", "x")
SHARED = ("members/", "staff/", "timers/outbox/")
"""Members and colleagues belong to no single venue; who may touch colleagues is tested in tests/staff."""


@pytest.fixture
def theirs() -> dict[str, int]:
    """One object of each kind in a venue that the intruder has nothing to do with."""
    room = factories.room(at=factories.venue())
    booking = desk.booked(room, pay=True, member=factories.member())
    other = desk.booked(room, start=desk.slot(3), pay=True, member=factories.member())
    assert other.line is not None and booking.line is not None and booking.member is not None
    orders.cancel_lines(order_id=other.line.order_id, at=clock.now(), by=None)
    at = clock.now()
    strike = Strike.objects.create(member=booking.member, booking=booking, at=at, expires_at=at)
    day = at.date()
    return {
        "bookings/strikes/": strike.pk,
        "bookings/": booking.pk,
        "orders/refunds/": Refund.objects.get().pk,
        "orders/": booking.line.order_id,
        "timers/": Timer.objects.filter(kind="bookings.complete", subject_id=booking.pk).get().pk,
        "venues/rooms/": room.pk,
        "venues/": room.venue_id,
        "records/venues/venue/": room.venue_id,
        "records/venues/room/": room.pk,
        "records/venues/bookingpolicy/": room.policy_id,
        "records/venues/closure/": Closure.objects.create(
            venue=room.venue, first_day=day, last_day=day, message="x"
        ).pk,
        "records/venues/pricerule/": room.venue.prices.get().pk,
        "records/bookings/booking/": booking.pk,
        "records/orders/order/": booking.line.order_id,
    }


def addresses(theirs: dict[str, int]) -> list[str]:
    """Every route with a key, filled with the other venue's object of its kind."""
    found = []
    for pattern in {route.pattern for route in routes()}:
        start = next((prefix for prefix in sorted(theirs, key=len, reverse=True) if pattern.startswith(prefix)), None)
        keyed = "<int:pk>" in pattern or "<path:object_id>" in pattern
        forwards = pattern.endswith("<path:object_id>/")  # only sends on to the change page, which is walked
        if start and keyed and not forwards and not pattern.startswith(SHARED):
            key = str(theirs[start])
            address = "/" + pattern.replace("<int:pk>", key).replace("<path:object_id>", key)
            found += (
                [address.replace("<slug:action>", action) for action in ACTIONS]
                if "<slug:action>" in address
                else [address]
            )
    return sorted(set(found))


def snapshot() -> dict[str, list[Any]]:
    """Every row of the ruled and recorded models, so that a change is seen."""
    own = {"venues", "orders", "bookings", "timers", "members"}
    models = [model for model in apps.get_models() if model._meta.app_label in own]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}


def test_another_venues_staff_find_nothing_and_change_nothing(theirs: dict[str, int]) -> None:
    mine = factories.venue()
    intruder = desk.console("manager", venues=[mine])
    before = snapshot()
    walked = addresses(theirs)
    assert len(walked) >= 20
    answers = {
        (method, address): getattr(intruder, method)(address) for address in walked for method in ("get", "post")
    }
    let_in = {key: answer.status_code for key, answer in answers.items() if not _refused(answer)}
    assert let_in == {}
    assert snapshot() == before


def test_negative_control_the_venues_own_manager_is_let_in(theirs: dict[str, int]) -> None:
    owner = desk.console("manager", venues=[Venue.objects.get(pk=theirs["venues/"])])
    for prefix in ("bookings/", "orders/", "venues/", "venues/rooms/"):
        assert owner.get(f"/{prefix}{theirs[prefix]}/").status_code == 200, prefix


@pytest.mark.parametrize(
    "page", ["/bookings/", "/orders/", "/timers/", "/bookings/export.csv", "/orders/export.csv", "/venues/"]
)
def test_lists_leave_the_other_venue_out(theirs: dict[str, int], page: str) -> None:
    Venue.objects.filter(pk=theirs["venues/"]).update(name="Elsewhere-Venue-Name")
    code = Member.objects.get(bookings=theirs["bookings/"]).bookings.get().code
    answer = desk.console("manager", venues=[factories.venue()]).get(page)
    text = answer.getvalue().decode() if answer.streaming else answer.content.decode()
    assert answer.status_code == 200
    assert code not in text and "Elsewhere-Venue-Name" not in text


def _refused(answer: Any) -> bool:
    """404 or 403; the record pages send home with a message, and a wrong method is 405."""
    home = answer.status_code == 302 and answer.headers["Location"] in ("/records/", "/")
    return answer.status_code in (403, 404, 405) or home
