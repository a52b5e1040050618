"""Moving and extending: the same claims, the same validator, a price difference."""

from datetime import datetime
from typing import Any

from bookings import rules
from bookings.errors import AlreadyBegun, SlotTaken
from bookings.models import Booking
from bookings.queries import taken_in
from bookings.services import claims, messages, timing
from bookings.services.moves import locked, tell
from bookings.services.quoting import title_of
from core.errors import NotFound, WrongState
from core.transactions import unit
from orders import services as orders
from venues.queries import leaf_spaces, room_rules
from venues.rules import RoomRules, check_window, freeze_policy, price


@unit
def move_booking(
    *,
    booking_id: int,
    starts_at: datetime,
    ends_at: datetime,
    by: Any,
    at: datetime,
    room_id: int | None = None,
    staff: bool = False,
    price_kept: bool = False,
) -> Booking:
    """Move a booking to another time or room of its venue; a running one can only be extended.

    A price difference becomes an order line or is owed back, unless ``price_kept`` (staff).
    Raises SlotTaken, the window's errors, WrongState, AlreadyBegun, NotFound (another venue's room).
    """
    booking = locked(booking_id)
    bundle = room_rules(room_id=room_id or booking.room_id)
    if bundle.venue_id != booking.venue_id:
        raise NotFound(field="room")
    _may_move(booking, bundle, starts_at, at, staff)
    claims.lock_spaces({*bundle.spaces, *leaf_spaces(booking.room)})
    plan = booking.member.plan.code if booking.member and booking.member.plan else ""
    _check(booking, bundle, starts_at, ends_at, at, plan, staff)
    before = {"room": booking.room_id, "starts_at": booking.starts_at, "ends_at": booking.ends_at}
    _reclaim(booking, bundle, starts_at, ends_at)
    cost = price(bundle, starts_at, ends_at, plan)
    if not price_kept:
        booking.price_fen = cost.amount_fen
    booking.save(update_fields=["room", "unit", "starts_at", "ends_at", "policy", "price_fen"])
    story = {name: str(value) for name, value in before.items()}
    tell(booking, "move", at=at, by=by, **story)
    if staff:
        messages.say(booking, "moved", at=at)
    if booking.line is not None and not price_kept:
        orders.reprice_line(
            order_id=booking.line.order_id, line_id=booking.line.pk, amount_fen=cost.amount_fen, why=cost.why,
            title=title_of(bundle, starts_at, ends_at), by=by, at=at,
        )  # fmt: skip
    if booking.status in (Booking.Status.CONFIRMED, Booking.Status.CHECKED_IN):
        timing.disarm(booking)
        timing.arm([booking], at=at)
    return booking


def _may_move(booking: Booking, bundle: RoomRules, starts_at: datetime, at: datetime, staff: bool) -> None:
    same_start = starts_at == booking.starts_at and bundle.room_id == booking.room_id
    if booking.status not in (rules.EXTENDABLE if same_start else rules.MOVABLE):
        raise WrongState(data={"state": booking.status, "action": "move"})
    if booking.starts_at <= at and not same_start and not staff:
        raise AlreadyBegun


def _check(
    booking: Booking, bundle: RoomRules, starts_at: datetime, ends_at: datetime, at: datetime, plan: str, staff: bool
) -> None:
    """A start that stays where it is, is not held to the notice again."""
    judged_at = min(at, booking.created_at) if starts_at == booking.starts_at else at
    check_window(bundle, starts_at, ends_at, judged_at, plan_code=plan, attendees=booking.attendees, staff=staff)
    if ends_at <= at:
        raise AlreadyBegun(field="ends_at")


def _reclaim(booking: Booking, bundle: RoomRules, starts_at: datetime, ends_at: datetime) -> None:
    policy = booking.policy if bundle.room_id == booking.room_id else freeze_policy(bundle)
    slots = rules.claim_slots(starts_at, ends_at, policy)
    taken = taken_in(bundle.spaces, slots.start, slots.stop, but=booking)
    unit_free = rules.free_unit(bundle.units, bundle.spaces, slots, taken)
    if unit_free is None:
        raise SlotTaken(field="starts_at")
    claims.release([booking])
    booking.room_id, booking.unit, booking.policy = bundle.room_id, unit_free, policy
    booking.starts_at, booking.ends_at = starts_at, ends_at
    claims.claim([(booking, bundle)])
