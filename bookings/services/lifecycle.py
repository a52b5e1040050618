"""What happens to bookings between being held and being over."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from bookings import rules
from bookings.errors import OutsideWindow
from bookings.models import Booking, BookingEvent, Series, Strike
from bookings.services import claims, messages, timing
from bookings.services.moves import locked, move, tell, told
from bookings.services.quoting import Occurrence
from core.errors import NotFound
from core.transactions import unit
from orders import services as orders
from orders.models import Order, OrderLine
from orders.registry import Buyer, Quoted
from timers import services as timers
from venues.models import Room
from venues.rules import RoomRules, freeze_policy

OVER = (
    Booking.Status.COMPLETED, Booking.Status.CANCELLED, Booking.Status.REJECTED,
    Booking.Status.EXPIRED, Booking.Status.NO_SHOW,
)  # fmt: skip


def hold(*, order: Order, pairs: Sequence[tuple[OrderLine, Quoted]], buyer: Buyer, at: datetime) -> list[Booking]:
    """Make the bookings of an order's lines and claim their time. Raises SlotTaken."""
    series = _series(order, pairs, at)
    rows = [_booking(order, line, quoted, buyer, at, series) for line, quoted in pairs]
    made = Booking.objects.bulk_create(rows)
    claims.claim([(row, quoted.wish.bundle) for row, (_line, quoted) in zip(made, pairs, strict=True)])
    by = buyer.staff or buyer.member
    BookingEvent.objects.bulk_create(BookingEvent(**told(row, "hold", at=at, by=by, data={})) for row in made)
    return made


def confirm(*, lines: Sequence[OrderLine], at: datetime) -> None:
    """The order was paid: held bookings are confirmed and their timers armed."""
    done = []
    held = Booking.objects.filter(line__in=list(lines), status=Booking.Status.HELD)
    for booking in held.select_related("room", "venue", "member", "series").order_by("pk"):
        move(booking, "confirm", at=at)
        done.append(booking)
    timing.arm(done, at=at)
    messages.confirmed(done, at=at)


def give_back(*, lines: Sequence[OrderLine], at: datetime, action: str, by: Any) -> None:
    """Cancel or expire the bookings of these lines and free their time; what is over stays."""
    live = Booking.objects.filter(line__in=list(lines)).exclude(status__in=OVER)
    found = list(live.select_related("room", "venue", "member").order_by("pk"))
    for booking in found:
        move(booking, action, at=at, by=by)
        timing.disarm(booking)
        if getattr(by, "is_staff", False):
            messages.say(booking, "cancelled", at=at)
    claims.release(found)


@unit
def approve(*, booking_id: int, by: Any, at: datetime) -> Booking:
    """Approve a pending booking; with the order's last one its hold begins. Raises WrongState."""
    booking = locked(booking_id)
    move(booking, "approve", at=at, by=by)
    messages.say(booking, "approved", at=at)
    order = _order_of(booking)
    if order and not _siblings(order).filter(status=Booking.Status.PENDING).exists():
        orders.approve_order(order_id=order.pk, at=at, hold_minutes=booking.policy.get("hold_minutes"))
    return booking


@unit
def reject(*, booking_id: int, by: Any, at: datetime, reason: str) -> Booking:
    """Reject a pending booking: its time is free, its line is taken out of the order."""
    booking = locked(booking_id)
    move(booking, "reject", at=at, by=by, reason=reason)
    messages.say(booking, "rejected", at=at, reason=reason)
    claims.release([booking])
    order = _order_of(booking)
    if order and booking.line_id:
        orders.cancel_lines(order_id=order.pk, line_ids=[booking.line_id], at=at, by=by, reason=reason)
        pending = _siblings(order).filter(status=Booking.Status.PENDING).exists()
        if not pending and _siblings(order).filter(status=Booking.Status.HELD).exists():
            orders.approve_order(order_id=order.pk, at=at)
    return booking


@unit
def check_in(*, booking_id: int, at: datetime, by: Any, staff: bool = False) -> Booking:
    """The guest is here. Raises WrongState, OutsideWindow (staff may check in any time before the end)."""
    booking = locked(booking_id)
    opens, closes = rules.check_in_window(booking.policy, booking.starts_at, booking.ends_at)
    if booking.status == Booking.Status.CONFIRMED and not (at < closes and (staff or opens <= at)):
        raise OutsideWindow(data={"opens_at": opens.isoformat(), "closes_at": closes.isoformat()})
    booking.checked_in_at = at
    move(booking, "check_in", at=at, by=by, fields=["checked_in_at"])
    timers.cancel(kind="bookings.no_show", subject=booking)
    return booking


@unit
def check_in_by_code(*, code: str, at: datetime, by: Any, venue_ids: Sequence[int] | None = None) -> Booking:
    """Check in by the code a guest shows (typed or scanned). Raises NotFound and as `check_in`."""
    rows = Booking.objects.filter(code=code.strip().upper())
    if venue_ids is not None:
        rows = rows.filter(venue__in=venue_ids)
    found = rows.values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(_("There is no booking with this code."), field="code")
    return check_in(booking_id=found, at=at, by=by, staff=True)


@unit
def end_early(*, booking_id: int, at: datetime, by: Any) -> Booking:
    """The guest leaves: the rest is free at once, but for the turnaround. Raises WrongState."""
    booking = locked(booking_id)
    booking.ended_at = min(at, booking.ends_at)
    move(booking, "end", at=at, by=by, fields=["ended_at"])
    freed = claims.release_after(booking, booking.ended_at)
    tell(booking, "freed", at=at, by=by, slots=freed)
    timers.schedule(kind="bookings.complete", subject=booking, due_at=_tail(booking), at=at, reason=booking.code)
    _finish_order(booking, at)
    return booking


@unit
def complete(*, booking_id: int, at: datetime) -> None:
    """The time is over: complete, then give back the turnaround when that is over too."""
    booking = locked(booking_id)
    if booking.status in (Booking.Status.CONFIRMED, Booking.Status.CHECKED_IN):
        booking.ended_at = booking.ends_at
        move(booking, "complete", at=at, fields=["ended_at"])
        _finish_order(booking, at)
    tail = _tail(booking)
    if tail > at:
        timers.schedule(kind="bookings.complete", subject=booking, due_at=tail, at=at, reason=booking.code)
    else:
        claims.release([booking])


@unit
def release_no_show(*, booking_id: int, at: datetime) -> bool:
    """Nobody came: the room is bookable at once, the strike is recorded. False where somebody did."""
    booking = locked(booking_id)
    if booking.status != Booking.Status.CONFIRMED:
        return False
    move(booking, "no_show", at=at)
    messages.say(booking, "no_show", at=at)
    claims.release([booking])
    timing.disarm(booking)
    if booking.member_id:
        until = at + timedelta(days=rules.STRIKE_DAYS)
        Strike.objects.get_or_create(
            booking=booking, defaults={"member_id": booking.member_id, "at": at, "expires_at": until}
        )
    _finish_order(booking, at)
    return True


@unit
def remind(*, booking_id: int, at: datetime) -> None:
    """Tell the member that the booking is about to begin, in the member's language."""
    booking = Booking.objects.select_related("member", "room", "venue").get(pk=booking_id)
    if booking.member is None or booking.status != Booking.Status.CONFIRMED:
        return
    messages.say(booking, "reminder", at=at)


@unit
def waive_strike(*, strike_id: int, at: datetime, by: Any) -> bool:
    """Forgive a no-show; False where it was forgiven before."""
    done = Strike.objects.filter(pk=strike_id, waived_at=None).update(waived_at=at)
    if done:
        tell(Strike.objects.select_related("booking").get(pk=strike_id).booking, "strike_waived", at=at, by=by)
    return bool(done)


def _booking(
    order: Order, line: OrderLine, quoted: Quoted, buyer: Buyer, at: datetime, series: dict[str, Series]
) -> Booking:
    wish: Occurrence = quoted.wish
    return Booking(
        code=rules.new_code(),
        venue_id=order.venue_id,
        room=_room_of(wish.bundle),
        unit=wish.unit,
        line=line,
        member=buyer.member,
        guest_name=buyer.guest_name,
        series=series.get(quoted.field),
        starts_at=wish.starts_at,
        ends_at=wish.ends_at,
        attendees=wish.wish.attendees,
        status=Booking.Status.PENDING if quoted.needs_approval else Booking.Status.HELD,
        policy=freeze_policy(wish.bundle),
        price_fen=quoted.amount_fen,
        created_at=at,
    )


def _room_of(bundle: RoomRules) -> Room:
    """The room as far as its rules tell; the rest is read when somebody asks for it."""
    return Room.from_db(None, ["id", "venue_id", "name"], [bundle.room_id, bundle.venue_id, bundle.room_name])


def _series(order: Order, pairs: Sequence[tuple[OrderLine, Quoted]], at: datetime) -> dict[str, Series]:
    made: dict[str, Series] = {}
    for _line, quoted in pairs:
        repeat = quoted.wish.wish.repeat
        if repeat is not None and quoted.field not in made:
            rule = {**repeat.as_json(), "skipped": list(quoted.more.get("skipped", []))}
            made[quoted.field] = Series.objects.create(
                venue_id=order.venue_id, member=order.member, rule=rule, created_at=at
            )
    return made


def _order_of(booking: Booking) -> Order | None:
    return Order.objects.filter(lines=booking.line_id).first() if booking.line_id else None


def _siblings(order: Order) -> Any:
    return Booking.objects.filter(line__order=order)


def _finish_order(booking: Booking, at: datetime) -> None:
    order = _order_of(booking)
    if order and not _siblings(order).exclude(status__in=OVER).exists():
        orders.complete_order(order_id=order.pk, at=at)


def _tail(booking: Booking) -> datetime:
    ended = booking.ended_at or booking.ends_at
    return ended + timedelta(minutes=int(booking.policy.get("turnaround_minutes", 0)))
