"""Money received, and what it sets going."""

from datetime import datetime
from typing import Any

from core.transactions import unit
from orders.errors import AwaitingApproval, TooMuch
from orders.models import Order, OrderLine, Payment
from orders.services.moves import by_kind, locked, move, tell
from timers import services as timers


@unit
def take_desk_payment(
    *, order_id: int, method: str, amount_fen: int, by: Any, at: datetime, reference: str = ""
) -> Payment:
    """Write down cash, a transfer or a card payment; when nothing is left to pay the order is paid.

    Raises WrongState (not awaiting payment), AwaitingApproval, TooMuch.
    """
    order = locked(order_id)
    if order.status != Order.Status.AWAITING_PAYMENT:
        move(order, "pay", at=at, by=by)  # raises WrongState with the table's words
    if order.expires_at is None and order.paid_at is None:
        raise AwaitingApproval
    if not 0 < amount_fen <= order.payable_fen - (order.paid_fen - order.refunded_fen):
        raise TooMuch(field="amount_fen", data={"open_fen": order.payable_fen - order.paid_fen})
    payment = Payment.objects.create(
        order=order, method=method, amount_fen=amount_fen, reference=reference, received_by=by, received_at=at
    )
    order.paid_fen += amount_fen
    order.save(update_fields=["paid_fen"])
    tell(order, "payment", at=at, by=by, data={"method": method, "amount_fen": amount_fen, "reference": reference})
    if order.paid_fen - order.refunded_fen >= order.payable_fen:
        _paid(order, at=at, by=by)
    return payment


@unit
def confirm_free(*, order: Order, at: datetime) -> None:
    """An order with nothing to pay is paid at once. Call with the order locked or just made."""
    _paid(order, at=at, by=None)


@unit
def complete_order(*, order_id: int, at: datetime) -> bool:
    """Complete a paid order when every line was used; False while something is left."""
    order = locked(order_id)
    if order.status != Order.Status.PAID:
        return False
    move(order, "complete", at=at, fields=["closed_at"])
    Order.objects.filter(pk=order.pk).update(closed_at=at)
    return True


def _paid(order: Order, *, at: datetime, by: Any) -> None:
    order.paid_at, order.expires_at = at, None
    move(order, "pay", at=at, by=by, fields=["paid_at", "expires_at"])
    timers.cancel(kind="orders.expire", subject=order)
    lines = list(order.lines.filter(status=OrderLine.Status.HELD))
    order.lines.filter(status=OrderLine.Status.HELD).update(status=OrderLine.Status.CONFIRMED)
    for handler, mine in by_kind(lines):
        handler.confirm(order=order, lines=mine, at=at)
