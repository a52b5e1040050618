"""What becomes of a booking: approved, moved, checked in, ended, not used, cancelled, refunded."""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from bookings import services as bookings
from bookings.models import Booking, BookingEvent, RoomClaim, Strike
from core import clock
from core.errors import DomainError, NotFound, WrongState
from members.models import InboxMessage, Member
from orders import services as orders
from orders.models import Order, OrderEvent, Payment, Refund
from orders.registry import Buyer
from staff.models import User
from tests import factories
from tests.client import SignedClient
from timers.models import Timer
from venues.models import Room

Line = Callable[..., dict[str, Any]]
keys = (f"life-{n}" for n in itertools.count())


def post(client: SignedClient, path: str, body: Any = None) -> Any:
    return client.post(path, {} if body is None else body, idempotency_key=next(keys))


def place(client: SignedClient, *lines: dict[str, Any]) -> Order:
    answer = post(client, "/orders", {"lines": list(lines)})
    assert answer.status_code == 201, answer.content
    return Order.objects.get(pk=answer.json()["id"])


def paid(client: SignedClient, *lines: dict[str, Any]) -> Order:
    order = place(client, *lines)
    if order.payable_fen:
        at = clock.now()
        orders.take_desk_payment(order_id=order.pk, method="cash", amount_fen=order.payable_fen, by=None, at=at)
    return Order.objects.get(pk=order.pk)


def booking_of(order: Order) -> Booking:
    return Booking.objects.get(line__order=order)


def test_an_approved_booking_starts_its_hold(client: SignedClient, line: Line) -> None:
    room = factories.room(needs_approval=True)
    order = place(client, line(room=str(room.pk)))
    booking = booking_of(order)
    assert (booking.status, order.expires_at, RoomClaim.objects.count()) == ("pending", None, 4)
    with pytest.raises(DomainError) as refused:
        orders.take_desk_payment(order_id=order.pk, method="cash", amount_fen=12000, by=None, at=clock.now())
    assert refused.value.code == "wrong_state"
    at = clock.now()
    bookings.approve(booking_id=booking.pk, by=None, at=at)
    order.refresh_from_db()
    assert order.expires_at == at + timedelta(minutes=15)
    with pytest.raises(WrongState):
        bookings.approve(booking_id=booking.pk, by=None, at=at)


def test_a_rejected_booking_frees_its_room_and_closes_the_order(client: SignedClient, line: Line) -> None:
    room = factories.room(needs_approval=True)
    order = place(client, line(room=str(room.pk)))
    bookings.reject(booking_id=booking_of(order).pk, by=None, at=clock.now(), reason="private event")
    order.refresh_from_db()
    assert (order.status, booking_of(order).status, RoomClaim.objects.count()) == ("cancelled", "rejected", 0)


def test_a_free_room_that_needs_approval_is_paid_when_approved(client: SignedClient, line: Line) -> None:
    room = factories.room(needs_approval=True, hour_fen=0)
    order = place(client, line(room=str(room.pk)))
    assert order.status == "awaiting_payment"
    bookings.approve(booking_id=booking_of(order).pk, by=None, at=clock.now())
    order.refresh_from_db()
    assert (order.status, booking_of(order).status) == ("paid", "confirmed")


@pytest.mark.parametrize(("hours_before", "refund"), [(30, 12000), (3, 6000), (1, 0)])
def test_a_cancelled_booking_is_refunded_by_its_frozen_policy(
    client: SignedClient, line: Line, room: Room, tomorrow: datetime, time_machine: Any, hours_before: int, refund: int
) -> None:
    order = paid(client, line())
    room.policy.tiers.all().delete()  # an edit of the policy does not touch what was frozen
    time_machine.move_to(tomorrow - timedelta(hours=hours_before))
    shown = post(client, f"/orders/{order.pk}/cancel").json()
    assert (shown["refunded_fen"], shown["lines"][0]["refunded_fen"]) == (refund, refund)
    assert shown["status"] == ("refunding" if refund else "cancelled")
    assert RoomClaim.objects.count() == 0
    assert not Timer.objects.filter(state__in=Timer.LIVE).exists()
    for owed in Refund.objects.all():
        orders.hand_out_refund(refund_id=owed.pk, by=None, at=clock.now(), reference="till 2")
    order.refresh_from_db()
    assert order.status == {12000: "refunded", 6000: "partially_refunded", 0: "cancelled"}[refund]


def test_one_line_of_two_is_cancelled_and_the_other_stays(client: SignedClient, line: Line) -> None:
    order = paid(client, line(), line(hour=2, hours=2))
    first = order.lines.first()
    assert first is not None
    shown = post(client, f"/orders/{order.pk}/cancel", {"lines": [str(first.pk)]}).json()
    assert [item["object"]["status"] for item in shown["lines"]] == ["cancelled", "confirmed"]
    assert (shown["refunded_fen"], shown["status"]) == (12000, "refunding")
    again = post(client, f"/orders/{order.pk}/cancel", {"lines": [str(first.pk)]})
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    assert post(client, f"/orders/{order.pk}/cancel", {"lines": ["999999"]}).status_code == 404


def test_a_line_taken_out_before_payment_lowers_what_is_to_pay(client: SignedClient, line: Line) -> None:
    order = place(client, line(), line(hour=2, hours=2))
    first = order.lines.first()
    assert first is not None
    shown = post(client, f"/orders/{order.pk}/cancel", {"lines": [str(first.pk)]}).json()
    assert (shown["status"], shown["payable_fen"], shown["total_fen"]) == ("awaiting_payment", 24000, 24000)


def test_what_was_paid_in_part_is_owed_back_when_the_hold_ends(client: SignedClient, line: Line) -> None:
    order = place(client, line())
    orders.take_desk_payment(order_id=order.pk, method="cash", amount_fen=5000, by=None, at=clock.now())
    assert order.expires_at is not None
    orders.expire_order(order_id=order.pk, at=order.expires_at)
    order.refresh_from_db()
    assert (order.status, order.refunded_fen) == ("refunding", 5000)
    assert [refund.amount_fen for refund in Refund.objects.all()] == [5000]


def test_nobody_pays_more_than_is_open(client: SignedClient, line: Line) -> None:
    order = place(client, line())
    for amount in (0, -1, 12001):
        with pytest.raises(DomainError):
            orders.take_desk_payment(order_id=order.pk, method="cash", amount_fen=amount, by=None, at=clock.now())
    assert Payment.objects.count() == 0


def test_a_move_to_something_dearer_adds_a_line_and_to_something_cheaper_owes_money(
    client: SignedClient, line: Line, tomorrow: datetime
) -> None:
    order = paid(client, line())
    booking = booking_of(order)
    longer = {"starts_at": tomorrow.isoformat(), "ends_at": (tomorrow + timedelta(hours=2)).isoformat()}
    moved = post(client, f"/bookings/{booking.pk}/move", longer)
    assert moved.status_code == 200, moved.content
    order.refresh_from_db()
    assert (order.status, order.payable_fen, order.lines.count()) == ("awaiting_payment", 24000, 2)
    orders.take_desk_payment(order_id=order.pk, method="card", amount_fen=12000, by=None, at=clock.now())
    half = {"starts_at": tomorrow.isoformat(), "ends_at": (tomorrow + timedelta(minutes=30)).isoformat()}
    assert post(client, f"/bookings/{booking.pk}/move", half).status_code == 200
    order.refresh_from_db()
    assert (order.status, order.paid_fen - order.refunded_fen) == ("refunding", 12000)
    assert RoomClaim.objects.count() == 2


def test_a_move_onto_somebody_else_is_refused_with_alternatives_and_changes_nothing(
    client: SignedClient, line: Line, tomorrow: datetime
) -> None:
    first = booking_of(paid(client, line()))
    place(client, line(hour=2))
    taken = {
        "starts_at": (tomorrow + timedelta(hours=2)).isoformat(),
        "ends_at": (tomorrow + timedelta(hours=3)).isoformat(),
    }
    refused = post(client, f"/bookings/{first.pk}/move", taken)
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    assert refused.json()["alternatives"]
    first.refresh_from_db()
    assert first.starts_at == tomorrow
    overlap = {"starts_at": tomorrow.isoformat(), "ends_at": (tomorrow + timedelta(hours=1.5)).isoformat()}
    assert post(client, f"/bookings/{first.pk}/move", overlap).status_code == 200


def test_a_move_to_another_venue_is_not_there(client: SignedClient, line: Line, tomorrow: datetime) -> None:
    booking = booking_of(place(client, line()))
    other = factories.room()
    body = {
        "room": str(other.pk),
        "starts_at": tomorrow.isoformat(),
        "ends_at": (tomorrow + timedelta(hours=1)).isoformat(),
    }
    assert post(client, f"/bookings/{booking.pk}/move", body).status_code == 404


def test_a_guest_checks_in_within_the_window_and_leaves_early(
    client: SignedClient, line: Line, tomorrow: datetime, time_machine: Any
) -> None:
    order = paid(client, line(hours=3))
    booking = booking_of(order)
    early = post(client, f"/bookings/{booking.pk}/check-in")
    assert (early.status_code, early.json()["code"]) == (409, "wrong_state")
    time_machine.move_to(tomorrow - timedelta(minutes=10))
    assert post(client, f"/bookings/{booking.pk}/check-in").json()["status"] == "checked_in"
    assert not Timer.objects.filter(kind="bookings.no_show", state__in=Timer.LIVE).exists()
    time_machine.move_to(tomorrow + timedelta(minutes=50))
    assert post(client, f"/bookings/{booking.pk}/end").json()["status"] == "completed"
    assert RoomClaim.objects.count() == 4  # until the quarter that is running is over
    order.refresh_from_db()
    assert order.status == "completed"
    other = factories.client_of(factories.member())
    assert post(other, "/orders", {"lines": [line(hour=1)]}).status_code == 201


def test_nobody_came_so_the_room_is_free_and_the_strike_stands(
    client: SignedClient, line: Line, member: Member, tomorrow: datetime
) -> None:
    booking = booking_of(paid(client, line(hours=2)))
    at = tomorrow + timedelta(minutes=15)
    assert bookings.release_no_show(booking_id=booking.pk, at=at) is True
    assert bookings.release_no_show(booking_id=booking.pk, at=at) is False
    strike = Strike.objects.get(member=member)
    assert strike.expires_at == at + timedelta(days=90)
    assert RoomClaim.objects.count() == 0
    assert [bookings.waive_strike(strike_id=strike.pk, at=at, by=None) for _ in range(2)] == [True, False]


def test_a_long_booking_is_exempt_from_no_show(client: SignedClient, line: Line) -> None:
    paid(client, line(hours=8))
    assert not Timer.objects.filter(kind="bookings.no_show").exists()


def test_a_reminder_is_written_once_in_the_members_language(client: SignedClient, line: Line, member: Member) -> None:
    Member.objects.filter(pk=member.pk).update(language="en")
    booking = booking_of(paid(client, line()))
    for _ in range(2):
        bookings.remind(booking_id=booking.pk, at=clock.now())
    message = InboxMessage.objects.get(member=member, kind="booking.reminder")
    assert "begins soon" in message.title
    assert booking.code in message.body


def test_a_completed_booking_gives_back_its_claims(client: SignedClient, line: Line, tomorrow: datetime) -> None:
    room = factories.room(turnaround_minutes=30)
    order = paid(client, line(room=str(room.pk)))
    booking = booking_of(order)
    bookings.complete(booking_id=booking.pk, at=booking.ends_at)
    order.refresh_from_db()
    assert (order.status, RoomClaim.objects.count()) == ("completed", 6)
    assert Timer.objects.filter(
        kind="bookings.complete", state__in=Timer.LIVE, due_at=booking.ends_at + timedelta(minutes=30)
    ).exists()
    bookings.complete(booking_id=booking.pk, at=booking.ends_at + timedelta(minutes=30))
    assert RoomClaim.objects.count() == 0


def test_staff_check_in_by_code_in_their_venues_only(
    client: SignedClient, line: Line, room: Room, time_machine: Any, tomorrow: datetime
) -> None:
    booking = booking_of(paid(client, line()))
    time_machine.move_to(tomorrow)
    with pytest.raises(NotFound):
        bookings.check_in_by_code(code=booking.code, at=clock.now(), by=None, venue_ids=[room.venue_id + 1])
    found = bookings.check_in_by_code(
        code=f" {booking.code.lower()} ", at=clock.now(), by=None, venue_ids=[room.venue_id]
    )
    assert found.status == "checked_in"


def test_moving_the_rest_of_a_series_splits_it(client: SignedClient, line: Line) -> None:
    order = paid(client, line(repeat={"freq": "daily", "count": 4}))
    second = Booking.objects.filter(line__order=order).order_by("starts_at")[1]
    done = bookings.move_series(
        booking_id=second.pk,
        scope="following",
        shift=timedelta(hours=2),
        lasts=timedelta(hours=1),
        by=None,
        at=clock.now(),
    )
    assert len(done) == 3
    groups = Booking.objects.filter(line__order=order).order_by("starts_at").values_list("series_id", flat=True)
    assert len(set(groups)) == 2
    assert groups[0] not in list(groups)[1:]
    bookings.cancel_series(booking_id=second.pk, scope="all", by=None, at=clock.now())
    assert Booking.objects.filter(line__order=order, status="cancelled").count() == 3


def test_staff_book_a_walk_in_for_the_running_quarter(room: Room) -> None:
    at = clock.now()
    start = at - timedelta(seconds=at.timestamp() % 900)
    wishes = [("room", "lines.0", bookings.RoomWish(room.pk, start, start + timedelta(hours=1)))]
    staff = User.objects.create_user("desk")
    if start < at:
        with pytest.raises(DomainError):
            orders.place_order(wishes=wishes, buyer=Buyer(guest_name="王先生"), at=at, source="console")
    order = orders.place_order(wishes=wishes, buyer=Buyer(guest_name="王先生", staff=staff), at=at, source="console")
    assert (order.guest_name, order.created_by, booking_of(order).status) == ("王先生", staff, "held")


def test_every_move_leaves_its_line_in_the_story(client: SignedClient, line: Line) -> None:
    order = paid(client, line())
    post(client, f"/orders/{order.pk}/cancel")
    assert list(OrderEvent.objects.filter(order=order).values_list("action", flat=True)) == [
        "placed", "payment", "pay", "refund",
    ]  # fmt: skip
    assert list(BookingEvent.objects.filter(booking__line__order=order).values_list("action", "to_status")) == [
        ("hold", "held"), ("confirm", "confirmed"), ("cancel", "cancelled"),
    ]  # fmt: skip


def test_a_series_tells_what_was_booked_and_what_was_skipped(client: SignedClient, line: Line, member: Member) -> None:
    Member.objects.filter(pk=member.pk).update(language="en")
    place(factories.client_of(factories.member()), line(hour=24))
    paid(client, line(repeat={"freq": "daily", "count": 3, "skip_conflicts": True}))
    message = InboxMessage.objects.get(member=member, kind="booking.confirmed")
    assert message.title == "Booked: 2 bookings"
    assert [text.split(":")[0] for text in message.body.split("\n")].count("Skipped") == 1


@pytest.mark.parametrize("approved", [True, False])
def test_a_member_hears_of_the_decision(client: SignedClient, line: Line, member: Member, approved: bool) -> None:
    booking = booking_of(place(client, line(room=str(factories.room(needs_approval=True).pk))))
    if approved:
        bookings.approve(booking_id=booking.pk, by=None, at=clock.now())
    else:
        bookings.reject(booking_id=booking.pk, by=None, at=clock.now(), reason="内部活动")
    message = InboxMessage.objects.get(member=member)
    assert message.kind == ("booking.approved" if approved else "booking.rejected")
    assert ("内部活动" in message.body) is not approved
