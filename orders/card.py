"""What an order's page says can be done now, and what would happen."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core import masking
from core.actions import Action
from core.errors import WrongState
from core.money import show
from orders import queries
from orders.forms import CancelForm, HandOutForm, PaymentForm
from orders.models import Order, Refund

OVER = (Order.Status.CANCELLED, Order.Status.EXPIRED, Order.Status.COMPLETED, Order.Status.REFUNDED)


def actions_for(order: Order, user: Any, at: datetime) -> list[Action]:
    """Paying and cancelling; what is not possible says why."""
    return [_pay(order, user), _cancel(order, user, at)]


def hand_out(refund: Refund, user: Any) -> Action:
    """The button beside a refund that is owed."""
    why_not = "" if user.has_perm("orders.refund") else _("Your role does not include this.")
    label = _("Hand out %(amount)s") % {"amount": show(refund.amount_fen)}
    says = _("Writes down that %(amount)s went back to %(who)s by %(method)s.") % {
        "amount": show(refund.amount_fen),
        "who": guest_of(refund.order),
        "method": refund.payment.get_method_display(),
    }
    return Action("hand-out", label, "payments", why_not, says, HandOutForm(prefix=f"refund{refund.pk}"), primary=True)


def guest_of(order: Order) -> str:
    """Whom it is for, masked."""
    name = order.member.nickname if order.member else order.guest_name
    return masking.name(name) or _("the guest")


def _pay(order: Order, user: Any) -> Action:
    open_fen = queries.open_fen(order)
    why_not = ""
    if not user.has_perm("orders.take_payment"):
        why_not = _("Your role does not include this.")
    elif order.status != Order.Status.AWAITING_PAYMENT:
        why_not = _("Not possible while it is “%(state)s”.") % {"state": order.get_status_display()}
    elif order.expires_at is None and order.paid_at is None:
        why_not = _("It waits for approval first.")
    form = PaymentForm(prefix="pay", initial={"amount": f"{open_fen / 100:.2f}"})
    label = _("Take payment")
    says = _("%(amount)s is to be paid. With the last of it the order is confirmed.") % {"amount": show(open_fen)}
    return Action("pay", label, "point_of_sale", why_not, says, form, primary=not why_not)


def _cancel(order: Order, user: Any, at: datetime) -> Action:
    why_not = "" if user.has_perm("bookings.manage") else _("Your role does not include this.")
    lines = list(order.lines.filter(status__in=queries.LIVE, parent=None))
    says = ""
    if not why_not and (order.status in OVER or not lines):
        why_not = _("Not possible while it is “%(state)s”.") % {"state": order.get_status_display()}
    if not why_not:
        try:
            owed = queries.refund_preview(order, lines, at)
            says = _("Frees everything it holds, refunds %(amount)s to %(who)s.") % {
                "amount": show(owed),
                "who": guest_of(order),
            }
        except WrongState as error:
            why_not = str(error)
    return Action("cancel", _("Cancel the order"), "cancel", why_not, says, CancelForm(prefix="cancel"), danger=True)
