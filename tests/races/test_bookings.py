"""Many at once on the real database: one winner, exact counts, no error that a guest would see."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from bookings import services as bookings
from bookings.models import Booking, RoomClaim
from bookings.services import claims
from core import clock
from core.errors import DomainError
from members.models import Member
from orders import services as orders
from orders.models import Order, Payment, Refund
from orders.registry import Buyer
from tests import factories
from venues.models import Room, Venue

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = 24
Work = Callable[[], Any]


def at_once(works: list[Work]) -> list[Any]:
    """Run all works in threads that start together; answers results or DomainErrors."""
    found: list[Any] = [None] * len(works)
    gate = threading.Barrier(len(works))

    def run(index: int, work: Work) -> None:
        gate.wait()
        try:
            found[index] = work()
        except DomainError as error:
            found[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def codes(found: list[Any]) -> Counter[str]:
    return Counter(item.code if isinstance(item, DomainError) else "won" for item in found)


def day() -> datetime:
    return (clock.now().astimezone(UTC) + timedelta(days=2)).replace(hour=2, minute=0, second=0, microsecond=0)


def place(room: Room, member: Member, start: datetime, hours: float = 1) -> Order:
    wish = bookings.RoomWish(room.pk, start, start + timedelta(hours=hours))
    return orders.place_order(
        wishes=[("room", "lines.0", wish)], buyer=Buyer(member=member), at=clock.now(), source="api"
    )


def placing(room: Room, start: datetime, hours: float = 1) -> Work:
    return partial(place, room, factories.member(), start, hours)


def pay(order: Order) -> Payment:
    return orders.take_desk_payment(
        order_id=order.pk, method="cash", amount_fen=order.payable_fen, by=None, at=clock.now()
    )


def paid_booking(room: Room, start: datetime) -> Booking:
    order = place(room, factories.member(), start)
    pay(order)
    return Booking.objects.get(line__order=order)


def moving(booking: Booking, room: Room, start: datetime) -> Work:
    end = start + timedelta(hours=1)
    return lambda: bookings.move_booking(
        booking_id=booking.pk, room_id=room.pk, starts_at=start, ends_at=end, by=None, at=clock.now()
    )


def test_one_slot_has_one_winner() -> None:
    room, start = factories.room(), day()
    found = at_once([placing(room, start) for _ in range(CLIENTS)])
    assert codes(found) == {"won": 1, "slot_taken": CLIENTS - 1}
    assert (Order.objects.count(), Booking.objects.count(), RoomClaim.objects.count()) == (1, 1, 4)


def test_negative_control_without_claims_everybody_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "claim", lambda pairs: None)
    room, start = factories.room(), day()
    found = at_once([placing(room, start) for _ in range(8)])
    assert codes(found) == {"won": 8}
    for order in Order.objects.all():
        orders.cancel_lines(order_id=order.pk, at=clock.now(), by=None)


@pytest.mark.parametrize("stock", [1, 3])
def test_overlapping_wishes_never_share_a_quarter(stock: int) -> None:
    """The sweep of `verify_ledger` after the test finds any overlap that got through."""
    room, start = factories.room(units=stock), day()
    works = [placing(room, start + timedelta(minutes=15 * (n % 8)), 0.5 + n % 3 / 2) for n in range(CLIENTS)]
    assert set(codes(at_once(works))) == {"won", "slot_taken"}


def test_a_pool_of_seven_has_seven_winners() -> None:
    room, start = factories.room(units=7, seats=1), day()
    found = at_once([placing(room, start) for _ in range(CLIENTS)])
    assert codes(found) == {"won": 7, "slot_taken": CLIENTS - 7}


def test_a_whole_and_its_halves_at_once() -> None:
    whole, start = factories.room(), day()
    halves = [factories.room(at=whole.venue) for _ in range(2)]
    whole.parts.set(halves)
    Venue.objects.filter(pk=whole.venue_id).update(rules_version=99)
    found = at_once([placing(room, start) for room in [whole, *halves] * 5])
    won = [item for item in found if isinstance(item, Order)]
    assert set(codes(found)) == {"won", "slot_taken"}
    assert len(won) == len(set(Booking.objects.values_list("room_id", flat=True)))
    assert RoomClaim.objects.count() == 8


def test_a_quota_is_not_passed_by_orders_at_once() -> None:
    venue = factories.venue()
    first = factories.room(at=venue, quota_minutes=60, quota_period="day")
    rooms = [first, *(factories.room(at=venue, policy=first.policy) for _ in range(5))]
    member, start = factories.member(), day()
    found = at_once([partial(place, room, member, start) for room in rooms])
    assert codes(found) == {"won": 1, "quota_reached": 5}


def test_one_order_is_cancelled_once() -> None:
    booking = paid_booking(factories.room(), day())
    assert booking.line is not None
    cancel = partial(orders.cancel_lines, order_id=booking.line.order_id, at=clock.now(), by=None)
    assert codes(at_once([cancel] * 12)) == {"won": 1, "wrong_state": 11}
    assert [refund.amount_fen for refund in Refund.objects.all()] == [12000]


def test_an_order_is_paid_once_and_its_refund_handed_out_once() -> None:
    order = place(factories.room(), factories.member(), day())
    assert codes(at_once([partial(pay, order)] * 12)) == {"won": 1, "wrong_state": 11}
    assert Payment.objects.count() == 1
    orders.cancel_lines(order_id=order.pk, at=clock.now(), by=None)
    hand_out = partial(orders.hand_out_refund, refund_id=Refund.objects.get().pk, by=None, at=clock.now())
    assert codes(at_once([hand_out] * 8)) == {"won": 1, "wrong_state": 7}


@pytest.mark.parametrize("round_", range(4))
def test_paying_and_expiring_at_one_instant_end_in_one_of_both(round_: int) -> None:
    order = place(factories.room(), factories.member(), day())
    at_once([partial(pay, order), partial(orders.expire_order, order_id=order.pk, at=order.expires_at)])
    order.refresh_from_db()
    booking = Booking.objects.get(line__order=order)
    assert (order.status, booking.status, RoomClaim.objects.count()) in {
        ("paid", "confirmed", 4), ("expired", "expired", 0),
    }  # fmt: skip


def test_moving_into_a_slot_and_booking_it_have_one_winner() -> None:
    room, start = factories.room(), day()
    booking, free = paid_booking(room, start), start + timedelta(hours=3)
    found = at_once([moving(booking, room, free), *[placing(room, free) for _ in range(6)]])
    assert codes(found) == {"won": 1, "slot_taken": 6}


def test_two_bookings_that_swap_rooms_do_not_deadlock() -> None:
    venue, start = factories.venue(), day()
    one, two = factories.room(at=venue), factories.room(at=venue)
    ones, twos = paid_booking(one, start), paid_booking(two, start)
    found = at_once([moving(ones, two, start + timedelta(hours=4)), moving(twos, one, start + timedelta(hours=4))])
    assert codes(found) == {"won": 2}
