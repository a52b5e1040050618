"""What a booking's card says can be done now, and what would happen."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bookings import rules
from bookings.console_forms import CancelForm, MoveForm, ReasonForm
from bookings.models import Booking
from core import masking
from core.actions import Action
from core.errors import WrongState
from core.money import show
from core.states import possible
from orders import queries as orders
from venues.rules import slot_of


def guest_of(booking: Booking) -> str:
    """Whom it is for, masked."""
    name = booking.member.nickname if booking.member else booking.guest_name
    return masking.name(name) or _("the guest")


def actions_for(booking: Booking, user: Any, at: datetime) -> list[Action]:
    """Every action of the desk on this booking; what is not possible says why."""
    makers: list[Callable[[Booking, Any, datetime], Action | None]] = [
        _approve, _reject, _check_in, _end, _move, _cancel
    ]  # fmt: skip
    return [item for item in (make(booking, user, at) for make in makers) if item is not None]


def _refusal(booking: Booking, user: Any, code: str, action: str) -> str:
    if not user.has_perm(code):
        return _("Your role does not include this.")
    if action not in possible(rules.TRANSITIONS, booking.status):
        return _("Not possible while it is “%(state)s”.") % {"state": booking.get_status_display()}
    return ""


def _approve(booking: Booking, user: Any, at: datetime) -> Action | None:
    if booking.status != Booking.Status.PENDING:
        return None
    why_not = _refusal(booking, user, "bookings.approve", "approve")
    return Action("approve", _("Approve"), "check", why_not, primary=True)


def _reject(booking: Booking, user: Any, at: datetime) -> Action | None:
    if booking.status != Booking.Status.PENDING:
        return None
    why_not = _refusal(booking, user, "bookings.approve", "reject")
    says = _("Frees the room; %(who)s pays nothing.") % {"who": guest_of(booking)}
    return Action("reject", _("Reject"), "block", why_not, says, ReasonForm(prefix="reject"), danger=True)


def _check_in(booking: Booking, user: Any, at: datetime) -> Action | None:
    if booking.status in (Booking.Status.CHECKED_IN, Booking.Status.COMPLETED):
        return None
    why_not = _refusal(booking, user, "bookings.check_in", "check_in")
    if not why_not and at >= booking.ends_at:
        why_not = _("It is over.")
    return Action("check-in", _("Check in"), "login", why_not, primary=not why_not)


def _end(booking: Booking, user: Any, at: datetime) -> Action | None:
    if booking.status != Booking.Status.CHECKED_IN:
        return None
    freed = max(0, (slot_of(booking.ends_at) - slot_of(at)) * 15)
    says = _("Ends it now; up to %(minutes)s minutes are free again.") % {"minutes": freed}
    return Action("end", _("End"), "logout", _refusal(booking, user, "bookings.manage", "end"), says, primary=True)


def _move(booking: Booking, user: Any, at: datetime) -> Action:
    why_not = "" if user.has_perm("bookings.manage") else _("Your role does not include this.")
    if not why_not and booking.status not in rules.EXTENDABLE:
        why_not = _("Not possible while it is “%(state)s”.") % {"state": booking.get_status_display()}
    label = _("Extend") if booking.status == Booking.Status.CHECKED_IN else _("Move")
    says = _("A price difference is added to the order, or owed back, unless the price is kept.")
    form = None if why_not else MoveForm(prefix="move", booking=booking)
    return Action("move", label, "swap_horiz", why_not, says, form)


def _cancel(booking: Booking, user: Any, at: datetime) -> Action:
    why_not = _refusal(booking, user, "bookings.manage", "cancel")
    form = CancelForm(prefix="cancel", booking=booking, may_refund=user.has_perm("orders.refund"))
    says = "" if why_not else cancel_preview(booking, at)
    return Action("cancel", _("Cancel the booking"), "event_busy", why_not, says, form, danger=True)


def cancel_preview(booking: Booking, at: datetime) -> str:
    """``Frees the room, refunds ¥120.00 to 王**.``"""
    line = booking.line
    try:
        owed = orders.refund_preview(line.order, [line], at) if line else 0
    except WrongState:
        owed = 0
    values = {"amount": show(owed), "who": guest_of(booking)}
    if owed:
        return _("Frees the room, refunds %(amount)s to %(who)s.") % values
    if line and line.order.paid_fen - line.order.refunded_fen > 0:
        return _("Frees the room; by its policy nothing is refunded to %(who)s.") % values
    return _("Frees the room; nothing was paid, so nothing is refunded.")
