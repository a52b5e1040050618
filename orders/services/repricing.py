"""A line's price changes after the order was made (its booking moved)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.transactions import unit
from orders.models import Order, OrderLine
from orders.services.moves import locked, move, tell
from orders.services.refunding import refund_difference


@unit
def reprice_line(
    *,
    order_id: int,
    line_id: int,
    amount_fen: int,
    why: Sequence[Mapping[str, Any]],
    title: str,
    by: Any,
    at: datetime,
) -> int:
    """Give a line its new price; answers the difference in fen (negative: owed back).

    Unpaid: the line itself changes. Paid and dearer: an adjustment line is added and the order
    awaits the difference, without a deadline. Paid and cheaper: the difference is owed back.
    """
    order = locked(order_id)
    line = order.lines.get(pk=line_id)
    now = (
        line.payable_fen
        - line.refunded_fen
        + sum(part.payable_fen - part.refunded_fen for part in line.adjustments.exclude(status=OrderLine.Status.VOID))
    )
    difference: int = amount_fen - now
    if order.paid_at is None:
        _replace(order, line, amount_fen, why, title)
    elif difference > 0:
        _charge(order, line, difference, why, title, at=at, by=by)
    elif difference < 0:
        refund_difference(order_id=order.pk, line_id=line.pk, amount_fen=-difference, reason="moved", by=by, at=at)
    if order.paid_at is not None or difference:
        tell(order, "repriced", at=at, by=by, data={"line": line.pk, "difference_fen": difference})
    return difference


def _replace(order: Order, line: OrderLine, amount: int, why: Sequence[Mapping[str, Any]], title: str) -> None:
    order.total_fen += amount - line.amount_fen
    order.payable_fen += amount - line.payable_fen
    order.discount_fen = order.total_fen - order.payable_fen
    line.amount_fen = line.payable_fen = amount
    line.discount_fen, line.why, line.title = 0, list(why), title[:200]
    line.save(update_fields=["amount_fen", "payable_fen", "discount_fen", "why", "title"])
    order.save(update_fields=["total_fen", "payable_fen", "discount_fen"])


def _charge(
    order: Order, line: OrderLine, amount: int, why: Sequence[Mapping[str, Any]], title: str, *, at: datetime, by: Any
) -> None:
    OrderLine.objects.create(
        order=order, parent=line, kind=line.kind, title=title[:200], status=OrderLine.Status.CONFIRMED,
        amount_fen=amount, payable_fen=amount, why=list(why),
    )  # fmt: skip
    order.total_fen += amount
    order.payable_fen += amount
    order.save(update_fields=["total_fen", "payable_fen"])
    if order.status in (Order.Status.PAID, Order.Status.COMPLETED):
        move(order, "charge", at=at, by=by, amount_fen=amount)
