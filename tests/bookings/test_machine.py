"""Any order of events ends with clean books: a state machine over bookings and their orders."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from bookings import rules
from bookings import services as bookings
from bookings.models import Booking, RoomClaim
from core import ledger
from core.errors import DomainError
from orders import services as orders
from orders.models import Order, Refund
from orders.registry import Buyer
from tests import factories
from venues.queries import forget_rules

START = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
HOURS = st.integers(1, 60)
LENGTHS = st.sampled_from([0.5, 1, 2])


class Life(RuleBasedStateMachine):
    """Three rooms (one asks for approval, one has two units), one member, a clock that only advances."""

    placed = Bundle("placed")

    def __init__(self) -> None:
        super().__init__()
        forget_rules()
        self.example = transaction.atomic()
        self.example.__enter__()

    def teardown(self) -> None:
        """Every example begins with an empty database."""
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @initialize()
    def world(self) -> None:
        self.at = START
        venue = factories.venue()
        self.rooms = [
            factories.room(at=venue, turnaround_minutes=15),
            factories.room(at=venue, needs_approval=True, hour_fen=0),
            factories.room(at=venue, units=2, hour_fen=3333),
        ]
        self.member = factories.member()

    def attempt(self, work: Any) -> Any:
        """Run one service; a refusal is an answer, anything else is a bug."""
        try:
            return work()
        except DomainError:
            return None

    @rule(target=placed, room=st.integers(0, 2), hour=HOURS, hours=LENGTHS, daily=st.sampled_from([0, 0, 2, 3]))
    def place(self, room: int, hour: int, hours: float, daily: int) -> Any:
        start = self.at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=hour)
        repeat = rules.Repeat("daily", daily, skip_conflicts=True) if daily else None
        wish = bookings.RoomWish(self.rooms[room].pk, start, start + timedelta(hours=hours), 1, repeat)
        order = self.attempt(
            lambda: orders.place_order(
                wishes=[("room", "lines.0", wish)], buyer=Buyer(member=self.member), at=self.at, source="api"
            )
        )
        return order.pk if order else multiple()

    @rule(order=placed, part=st.sampled_from([1, 2]))
    def pay(self, order: int, part: int) -> None:
        now = Order.objects.get(pk=order)
        amount = (now.payable_fen - now.paid_fen + now.refunded_fen) // part
        self.attempt(
            lambda: orders.take_desk_payment(order_id=order, method="cash", amount_fen=amount, by=None, at=self.at)
        )

    @rule(order=placed, some=st.booleans())
    def cancel(self, order: int, some: bool) -> None:
        first = Order.objects.get(pk=order).lines.filter(parent=None).values_list("pk", flat=True).first()
        lines = [first] if some and first else None
        self.attempt(lambda: orders.cancel_lines(order_id=order, line_ids=lines, at=self.at, by=self.member))

    @rule(order=placed, yes=st.booleans())
    def decide(self, order: int, yes: bool) -> None:
        for pk in self.bookings_of(order):
            if yes:
                self.attempt(lambda pk=pk: bookings.approve(booking_id=pk, by=None, at=self.at))
            else:
                self.attempt(lambda pk=pk: bookings.reject(booking_id=pk, by=None, at=self.at, reason="no"))

    @rule(order=placed, hour=HOURS, hours=LENGTHS, room=st.sampled_from([None, 0, 2]))
    def move(self, order: int, hour: int, hours: float, room: int | None) -> None:
        start = self.at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=hour)
        for pk in self.bookings_of(order)[:1]:
            self.attempt(
                lambda pk=pk: bookings.move_booking(
                    booking_id=pk,
                    room_id=None if room is None else self.rooms[room].pk,
                    starts_at=start,
                    ends_at=start + timedelta(hours=hours),
                    by=self.member,
                    at=self.at,
                )
            )

    @rule(order=placed)
    def check_in(self, order: int) -> None:
        for pk in self.bookings_of(order):
            self.attempt(lambda pk=pk: bookings.check_in(booking_id=pk, at=self.at, by=self.member))

    @rule(order=placed)
    def end(self, order: int) -> None:
        for pk in self.bookings_of(order):
            self.attempt(lambda pk=pk: bookings.end_early(booking_id=pk, at=self.at, by=self.member))

    @rule()
    def hand_out(self) -> None:
        for pk in Refund.objects.filter(state="due").values_list("pk", flat=True)[:2]:
            orders.hand_out_refund(refund_id=pk, by=None, at=self.at)

    @rule(minutes=st.sampled_from([5, 20, 60, 600]))
    def time_passes(self, minutes: int) -> None:
        """The clock advances and what fell due is done, in order of its time."""
        self.at += timedelta(minutes=minutes)
        for order in Order.objects.filter(status="awaiting_payment", expires_at__lte=self.at).order_by("expires_at"):
            orders.expire_order(order_id=order.pk, at=self.at)
        for booking in Booking.objects.filter(status="confirmed", starts_at__lte=self.at):
            due = rules.no_show_at(booking.policy, booking.starts_at, booking.ends_at)
            if due and due <= self.at:
                bookings.release_no_show(booking_id=booking.pk, at=self.at)
        for booking in Booking.objects.filter(ends_at__lte=self.at, claims__isnull=False).distinct():
            bookings.complete(booking_id=booking.pk, at=self.at)

    @rule(order=consumes(placed))
    def forget(self, order: int) -> None:
        """No longer acted upon; the books still count it."""

    def bookings_of(self, order: int) -> list[int]:
        return list(Booking.objects.filter(line__order=order).order_by("starts_at").values_list("pk", flat=True))

    @invariant()
    def books_are_clean(self) -> None:
        for check in ledger.all_checks():
            if check.name.startswith(("orders.", "bookings.")):
                assert list(check.check()) == []

    @invariant()
    def money_is_right(self) -> None:
        for order in Order.objects.all():
            kept = order.paid_fen - order.refunded_fen
            assert 0 <= kept <= order.payable_fen, (order.number, order.status)
            if order.status in ("expired", "refunded"):
                assert kept == 0
        assert not RoomClaim.objects.filter(
            booking__status__in=["cancelled", "expired", "rejected", "no_show"]
        ).exists()


@pytest.mark.django_db
def test_any_order_of_events_leaves_clean_books() -> None:
    quick = connection.vendor == "sqlite"  # a step costs ten times as much over a socket
    chosen = settings(
        max_examples=25 if quick else 6,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(Life, settings=chosen)
