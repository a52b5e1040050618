"""Writes stays down as orders, payments, bookings, claims, stories and timers, in bulk.

The rows are what the services of `orders` and `bookings` would have left behind, so that
``verify_ledger`` agrees and everything still to come happens by its own timers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max, Model

from bookings.models import Booking, BookingEvent, Strike
from bookings.rules import STRIKE_DAYS
from bookings.services import claims, timing
from bookings.services.quoting import title_of
from console.demo import money
from console.demo.diary import Fate, Stay
from core.transactions import unit
from orders.models import Order, OrderEvent, OrderLine, Payment, Refund
from orders.rules import new_number
from timers import services as timers
from timers.services import Wanted
from venues.rules import freeze_policy, price

BATCH = 500
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_SPREAD = 274_177_483
"""Has no factor in common with the number of codes, so that no two numbers give one code."""

_LINE_STATUS = {
    Fate.CANCELLED: OrderLine.Status.RELEASED,
    Fate.EXPIRED: OrderLine.Status.RELEASED,
    Fate.HELD: OrderLine.Status.HELD,
    Fate.PENDING: OrderLine.Status.HELD,
}


@dataclass
class Entry:
    """One stay with its rows."""

    stay: Stay
    amount_fen: int
    why: list[Any]
    paid: money.Paid
    order: Order = field(init=False)
    line: OrderLine = field(init=False)
    booking: Booking = field(init=False)
    payment: Payment | None = None
    refund: Refund | None = None


@unit
def write(*, stays: Sequence[Stay], at: datetime, staff: Any, brief: bool = False) -> list[Entry]:
    """Write stays down, all or none; ``brief`` leaves only the last line of each story."""
    entries = [_entry(stay, at) for stay in stays]
    _write_orders(entries, at)
    _write_bookings(entries)
    _write_money(entries, staff)
    _write_stories(entries, brief)
    _arm(entries, at)
    return entries


def code_of(number: int) -> str:
    """A check-in code of eight letters and digits, another one for every number."""
    rest = number * _SPREAD % len(_LETTERS) ** 8
    code = ""
    for _place in range(8):
        rest, digit = divmod(rest, len(_LETTERS))
        code += _LETTERS[digit]
    return code


def _entry(stay: Stay, at: datetime) -> Entry:
    plan = stay.member.plan.code if stay.member and stay.member.plan else ""
    cost = price(stay.bundle, stay.starts_at, stay.ends_at, plan)
    return Entry(stay, cost.amount_fen, list(cost.why), money.paid_for(stay, cost.amount_fen, at))


def _write_orders(entries: Sequence[Entry], at: datetime) -> None:
    for entry in entries:
        entry.order = _order(entry)
    Order.objects.bulk_create([entry.order for entry in entries], batch_size=BATCH)
    for entry in entries:
        entry.line = OrderLine(
            order=entry.order,
            kind="room",
            title=title_of(entry.stay.bundle, entry.stay.starts_at, entry.stay.ends_at)[:200],
            status=_LINE_STATUS.get(entry.stay.fate, OrderLine.Status.CONFIRMED),
            amount_fen=entry.amount_fen,
            payable_fen=entry.amount_fen,
            refunded_fen=entry.paid.back_fen,
            why=entry.why,
        )
    OrderLine.objects.bulk_create([entry.line for entry in entries], batch_size=BATCH)


def _order(entry: Entry) -> Order:
    stay, paid = entry.stay, entry.paid
    hold = timedelta(minutes=stay.bundle.policy.hold_minutes or settings.BOOKING_HOLD_MINUTES)
    return Order(
        number=new_number(stay.created_at),
        venue_id=stay.bundle.venue_id,
        member=stay.member,
        guest_name=stay.guest_name,
        status=paid.status,
        source=Order.Source.DEMO,
        total_fen=entry.amount_fen,
        payable_fen=entry.amount_fen,
        paid_fen=paid.amount_fen,
        refunded_fen=paid.back_fen,
        created_at=stay.created_at,
        expires_at=stay.created_at + hold if stay.fate in (Fate.HELD, Fate.EXPIRED) else None,
        paid_at=paid.at,
        closed_at=paid.closed_at,
    )


def _write_bookings(entries: Sequence[Entry]) -> None:
    next_number = (Booking.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    bundles = {entry.stay.bundle.room_id: entry.stay.bundle for entry in entries}
    frozen = {room_id: freeze_policy(bundle) for room_id, bundle in bundles.items()}
    for number, entry in enumerate(entries, next_number):
        stay = entry.stay
        entry.booking = Booking(
            code=code_of(number),
            venue_id=stay.bundle.venue_id,
            room_id=stay.bundle.room_id,
            unit=stay.unit,
            line=entry.line,
            member=stay.member,
            guest_name=stay.guest_name,
            starts_at=stay.starts_at,
            ends_at=stay.ends_at,
            attendees=stay.attendees,
            status=stay.fate.value,
            policy=frozen[stay.bundle.room_id],
            price_fen=entry.amount_fen,
            created_at=stay.created_at,
            checked_in_at=stay.starts_at if stay.fate in (Fate.COMPLETED, Fate.CHECKED_IN) else None,
            ended_at=stay.ends_at if stay.fate is Fate.COMPLETED else None,
        )
    Booking.objects.bulk_create([entry.booking for entry in entries], batch_size=BATCH)
    live = [entry for entry in entries if entry.booking.status in Booking.CLAIMING]
    claims.claim([(entry.booking, entry.stay.bundle) for entry in live])


def _write_money(entries: Sequence[Entry], staff: Any) -> None:
    for entry in entries:
        if entry.paid.amount_fen:
            entry.payment = money.payment(entry.order, entry.paid, staff)
    Payment.objects.bulk_create([entry.payment for entry in entries if entry.payment], batch_size=BATCH)
    for entry in entries:
        if entry.payment and entry.paid.back_fen:
            entry.refund = money.refund(entry.order, entry.line, entry.payment, entry.paid, staff)
    Refund.objects.bulk_create([entry.refund for entry in entries if entry.refund], batch_size=BATCH)


def _write_stories(entries: Sequence[Entry], brief: bool) -> None:
    ours: list[Model] = []
    theirs: list[Model] = []
    for entry in entries:
        steps = money.story(entry.stay, entry.paid)
        kept = [item for item in steps if item is not None]
        order_steps = [item for item in kept if item.of_order]
        booking_steps = [item for item in kept if not item.of_order]
        ours += [item.row(BookingEvent, booking=entry.booking) for item in booking_steps[-1:] if brief]
        theirs += [item.row(OrderEvent, order=entry.order) for item in order_steps[-1:] if brief]
        if not brief:
            ours += [item.row(BookingEvent, booking=entry.booking) for item in booking_steps]
            theirs += [item.row(OrderEvent, order=entry.order) for item in order_steps]
    BookingEvent.objects.bulk_create(ours, batch_size=BATCH)  # type: ignore[arg-type]
    OrderEvent.objects.bulk_create(theirs, batch_size=BATCH)  # type: ignore[arg-type]


def _arm(entries: Sequence[Entry], at: datetime) -> None:
    """Timers for what is still to come; strikes for those who did not."""
    coming = [entry.booking for entry in entries if entry.stay.fate in (Fate.CONFIRMED, Fate.CHECKED_IN)]
    timing.arm(coming, at=at)
    held = [entry.order for entry in entries if entry.stay.fate is Fate.HELD]
    if held:
        wanted = [Wanted(order, order.expires_at, reason=order.number) for order in held]
        timers.schedule_many(kind="orders.expire", wanted=wanted, at=at)
    missed = [entry for entry in entries if entry.stay.fate is Fate.NO_SHOW and entry.stay.member]
    Strike.objects.bulk_create(
        Strike(
            member=entry.stay.member,
            booking=entry.booking,
            at=entry.stay.starts_at + timedelta(minutes=15),
            expires_at=entry.stay.starts_at + timedelta(days=STRIKE_DAYS),
        )
        for entry in missed
    )
