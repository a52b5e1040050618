"""Refunds: owed first, handed out by somebody afterwards; never more than was paid."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.errors import NotFound
from core.transactions import lock, lock_one, unit
from orders import rules
from orders.errors import RefundDone
from orders.models import Order, OrderLine, Payment, Refund
from orders.services.moves import locked, move, tell

Share = tuple[OrderLine | None, int]


def owe(order: Order, shares: Sequence[Share], *, reason: str, by: Any, at: datetime) -> int:
    """Write refunds for a locked order's lines, spread over its payments; answers their sum.

    The payments are locked, so that refunds never sum to more than was paid.
    """
    payments = lock(Payment.objects.filter(order=order), order.payments.values_list("pk", flat=True))
    staff = by if getattr(by, "is_staff", False) else None
    total = 0
    for line, amount in shares:
        parts = rules.spread(amount, [payment.amount_fen - payment.refunded_fen for payment in payments])
        for payment, part in zip(payments, parts, strict=True):
            if part:
                payment.refunded_fen += part
                Refund.objects.create(
                    order=order, line=line, payment=payment, amount_fen=part, reason=reason[:200],
                    created_by=staff, created_at=at,
                )  # fmt: skip
        if line is not None:
            line.refunded_fen += amount
            line.save(update_fields=["refunded_fen"])
        total += amount
    Payment.objects.bulk_update(payments, ["refunded_fen"])
    order.refunded_fen += total
    order.save(update_fields=["refunded_fen"])
    return total


@unit
def refund_difference(*, order_id: int, line_id: int, amount_fen: int, reason: str, by: Any, at: datetime) -> int:
    """Owe part of one line back (a move to something cheaper, say); answers the amount."""
    order = locked(order_id)
    line = order.lines.get(pk=line_id)
    amount = min(amount_fen, line.payable_fen - line.refunded_fen, order.paid_fen - order.refunded_fen)
    if amount > 0:
        owe(order, [(line, amount)], reason=reason, by=by, at=at)
        move(order, "refund", at=at, by=by, amount_fen=amount, reason=reason)
    return max(amount, 0)


@unit
def hand_out_refund(*, refund_id: int, by: Any, at: datetime, reference: str = "") -> Refund:
    """Somebody hands the money out; the last one settles the order. Raises NotFound, RefundDone."""
    found = Refund.objects.filter(pk=refund_id).values_list("order_id", flat=True).first()
    if found is None:
        raise NotFound
    order = locked(found)
    refund: Refund | None = lock_one(Refund.objects.all(), refund_id)
    if refund is None or refund.state == Refund.State.DONE:
        raise RefundDone
    refund.state, refund.done_by, refund.done_at, refund.reference = Refund.State.DONE, by, at, reference[:60]
    refund.save(update_fields=["state", "done_by", "done_at", "reference"])
    tell(order, "refund_handed_out", at=at, by=by, data={"amount_fen": refund.amount_fen, "reference": reference})
    settle(order, at=at, by=by)
    return refund


def settle(order: Order, *, at: datetime, by: Any) -> None:
    """Where nothing is owed any more: refunded wholly, or in part."""
    if order.status != Order.Status.REFUNDING or order.refunds.filter(state=Refund.State.DUE).exists():
        return
    whole = order.refunded_fen == order.paid_fen
    move(order, "settle_all" if whole else "settle_part", at=at, by=by)
