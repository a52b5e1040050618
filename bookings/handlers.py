"""How rooms answer as order lines, and what bookings do when their time comes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bookings import queries, services
from bookings.covered import covered
from bookings.forms import RoomLine
from bookings.models import Booking
from bookings.services import timing
from core.errors import WrongState
from core.transactions import lock
from orders import registry as orders
from orders.models import Order, OrderLine
from orders.registry import Buyer, Quoted
from timers import auditors
from timers import registry as timers
from timers.models import Timer
from venues.registry import register_closure_check
from venues.rules import cancellation_kept_percent


class RoomHandler:
    """Order lines of kind ``room``."""

    def parse(self, raw: Mapping[str, Any]) -> services.RoomWish:
        checked = RoomLine(data=raw)
        checked.is_valid(raise_exception=True)
        return checked.wish()

    def quote(self, *, wishes: Sequence[tuple[str, Any]], buyer: Buyer, at: datetime, lock: bool) -> list[Quoted]:
        return services.quote_rooms(wishes=wishes, buyer=buyer, at=at, lock=lock)

    def hold(self, *, order: Order, pairs: Sequence[tuple[OrderLine, Quoted]], buyer: Buyer, at: datetime) -> None:
        services.hold(order=order, pairs=pairs, buyer=buyer, at=at)

    def confirm(self, *, order: Order, lines: Sequence[OrderLine], at: datetime) -> None:
        services.confirm(lines=lines, at=at)

    def release(self, *, order: Order, lines: Sequence[OrderLine], at: datetime, action: str, by: Any) -> None:
        services.give_back(lines=lines, at=at, action=action, by=by)

    def kept_percent(self, *, line: OrderLine, at: datetime) -> int:
        booking = Booking.objects.get(line=line)
        if booking.status in (Booking.Status.PENDING, Booking.Status.HELD):
            return 0
        if booking.status != Booking.Status.CONFIRMED:
            raise WrongState(data={"state": booking.status, "action": "cancel"})
        return cancellation_kept_percent(booking.policy, booking.starts_at, at)

    def describe(self, *, lines: Sequence[OrderLine]) -> dict[int, Any]:
        link = OrderLine._meta.get_field("booking")
        unknown = [line for line in lines if not link.is_cached(line)]  # a line just written knows its booking
        rows = [line.booking for line in lines if link.is_cached(line)]
        if unknown:
            rows += Booking.objects.filter(line__in=unknown).select_related("room", "venue", "line")
        return {row.line_id: queries.show_booking(row) for row in rows if row.line_id is not None}


def _locks(ids: Sequence[int]) -> list[Booking]:
    """Orders before their bookings, like every service does."""
    orders_of = Booking.objects.filter(pk__in=ids).values_list("line__order_id", flat=True)
    lock(Order.objects.only("pk"), [pk for pk in orders_of if pk is not None])
    return lock(Booking.objects.all(), ids)


def _complete(booking: Booking, timer: Timer, at: datetime) -> None:
    services.complete(booking_id=booking.pk, at=at)


def _no_show(booking: Booking, timer: Timer, at: datetime) -> None:
    services.release_no_show(booking_id=booking.pk, at=at)


def _remind(booking: Booking, timer: Timer, at: datetime) -> None:
    services.remind(booking_id=booking.pk, at=at)


def _is_confirmed(booking: Booking, timer: Timer, at: datetime) -> bool:
    return booking.status == Booking.Status.CONFIRMED


def _to_complete() -> QuerySet[Booking]:
    return Booking.objects.filter(status__in=(Booking.Status.CONFIRMED, Booking.Status.CHECKED_IN))


def _rearm(booking: Booking, at: datetime) -> None:
    timing.arm([booking], at=at)


def register() -> None:
    """Announce the line handler, the timers and their auditor."""
    orders.register("room", RoomHandler())
    kinds = (
        ("bookings.complete", _("End of a booking"), _complete, None, timers.Late.FIRE),
        ("bookings.no_show", _("Release of a booking that nobody uses"), _no_show, _is_confirmed, timers.Late.FIRE),
        ("bookings.remind", _("Reminder before a booking"), _remind, _is_confirmed, timers.Late.SKIP_IF_AFTER),
    )
    for name, label, fire, guard, late in kinds:
        kind = timers.TimerKind(
            name=name, subject_model=Booking, label=label, fire=fire, guard=guard, late_policy=late, locks=_locks
        )
        timers.register(kind)
    auditors.register("bookings.complete", _to_complete, _rearm)
    register_closure_check("bookings", covered)
