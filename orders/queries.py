"""How orders are shown."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from core.api_fields import show_instant
from orders import registry, rules
from orders.models import Order, OrderLine
from orders.registry import Quote, Quoted
from venues.rules import why_text

LIVE = (OrderLine.Status.HELD, OrderLine.Status.CONFIRMED)


def show_order(order: Order) -> dict[str, Any]:
    """One order with its lines as the API shows it."""
    return show_orders([order])[0]


def show_orders(orders: Sequence[Order]) -> list[dict[str, Any]]:
    """Orders with their lines; a query for the lines and one a kind of line."""
    lines = sorted(_lines_of(orders), key=lambda line: (line.kind, line.pk))
    objects: dict[int, Any] = {}
    for kind, group in groupby(lines, key=lambda line: line.kind):
        objects |= registry.get(kind).describe(lines=list(group))
    by_order: dict[int, list[OrderLine]] = {}
    for line in sorted(lines, key=lambda line: line.pk):
        by_order.setdefault(line.order_id, []).append(line)
    return [_order(order, by_order.get(order.pk, []), objects) for order in orders]


def _lines_of(orders: Sequence[Order]) -> list[OrderLine]:
    """Their lines; those that were just written, or prefetched, are not read again."""
    if all("lines" in getattr(order, "_prefetched_objects_cache", {}) for order in orders):
        return [line for order in orders for line in order._prefetched_objects_cache["lines"]]  # type: ignore[attr-defined]
    return list(OrderLine.objects.filter(order__in=list(orders)))


def show_quote(quote: Quote) -> dict[str, Any]:
    """A quote as the API shows it; ``conflicts`` name the line and say why."""
    return {
        "lines": [_quoted(line) for line in quote.lines],
        "total_fen": quote.total_fen,
        "discount_fen": quote.discount_fen,
        "payable_fen": quote.payable_fen,
        "coupons": [],
        "conflicts": [_conflict(line) for line in quote.lines if line.conflict is not None],
    }


def _order(order: Order, lines: Sequence[OrderLine], objects: dict[int, Any]) -> dict[str, Any]:
    return {
        "id": str(order.pk),
        "number": order.number,
        "status": order.status,
        "venue": str(order.venue_id),
        "note": order.note,
        "lines": [_line(line, objects.get(line.pk)) for line in lines],
        "total_fen": order.total_fen,
        "discount_fen": order.discount_fen,
        "payable_fen": order.payable_fen,
        "refunded_fen": order.refunded_fen,
        "created_at": show_instant(order.created_at),
        "expires_at": show_instant(order.expires_at) if order.expires_at else None,
        "paid_at": show_instant(order.paid_at) if order.paid_at else None,
    }


def _line(line: OrderLine, shown: Any) -> dict[str, Any]:
    return {
        "id": str(line.pk),
        "kind": line.kind,
        "title": line.title,
        "status": line.status,
        "amount_fen": line.amount_fen,
        "discount_fen": line.discount_fen,
        "payable_fen": line.payable_fen,
        "refunded_fen": line.refunded_fen,
        "why": [why_text(item) for item in line.why],
        "object": shown,
    }


def _quoted(line: Quoted) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "title": line.title,
        "amount_fen": line.amount_fen,
        "discount_fen": 0,
        "payable_fen": line.amount_fen,
        "why": [why_text(item) for item in line.why],
        "available": line.conflict is None,
        "needs_approval": line.needs_approval,
    }


def _conflict(line: Quoted) -> dict[str, Any]:
    error = line.conflict
    late = error.late() if error.late else {}
    return {"line": line.field, "title": line.title, "code": error.code, "detail": str(error), **error.data, **late}


def refund_preview(order: Order, lines: Sequence[OrderLine], at: datetime) -> int:
    """What would be owed back if these live lines were cancelled now, in fen; nothing is changed.

    Raises WrongState where a line cannot be cancelled any more.
    """
    left = order.paid_fen - order.refunded_fen
    if order.paid_at is None:
        return left if len(lines) == order.lines.filter(status__in=LIVE, parent=None).count() else 0
    back = 0
    for line in lines:
        percent = registry.get(line.kind).kept_percent(line=line, at=at)
        for part in (line, *line.adjustments.filter(status__in=LIVE)):
            owed = part.payable_fen - rules.kept_fen(part.payable_fen, percent) - part.refunded_fen
            back += max(0, min(owed, left - back))
    return back


def open_fen(order: Order) -> int:
    """What is still to be paid."""
    return max(0, order.payable_fen - (order.paid_fen - order.refunded_fen))
