"""Cancelling by the frozen policy, and expiry of what was not paid."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.errors import NotFound, WrongState
from core.transactions import unit
from orders import registry, rules
from orders.models import Order, OrderLine
from orders.services.moves import by_kind, locked, move, tell
from orders.services.refunding import owe
from timers import services as timers

_LIVE = (OrderLine.Status.HELD, OrderLine.Status.CONFIRMED)


@unit
def expire_order(*, order_id: int, at: datetime) -> bool:
    """Release an order whose hold has run out; what was paid in part is owed back.

    False where it is not due: paid, cancelled, or with a later deadline.
    """
    order = locked(order_id)
    due = order.expires_at is not None and order.expires_at <= at
    if order.status != Order.Status.AWAITING_PAYMENT or not due:
        return False
    _release(order, list(order.lines.filter(status__in=_LIVE)), "expire", at=at, by=None)
    order.closed_at = at
    move(order, "expire", at=at, fields=["closed_at"])
    _give_back_all(order, reason="expired", by=None, at=at)
    return True


@unit
def cancel_lines(
    *,
    order_id: int,
    at: datetime,
    by: Any,
    line_ids: Sequence[int] | None = None,
    reason: str = "",
    kept_percent: int | None = None,
) -> Order:
    """Cancel an order, or some of its lines, and owe back what the frozen policy does not keep.

    ``kept_percent`` overrides the policy (staff with a reason). Raises WrongState, NotFound (a line
    of another order).
    """
    order = locked(order_id)
    live = list(order.lines.filter(status__in=_LIVE, parent=None))
    chosen = live if line_ids is None else [line for line in live if line.pk in set(line_ids)]
    if line_ids is not None and len(chosen) != len(set(line_ids)):
        _explain_missing(order, line_ids)
    if not chosen or order.status in (Order.Status.EXPIRED, Order.Status.CANCELLED):
        raise WrongState(data={"state": order.status, "action": "cancel"})
    if order.status == Order.Status.AWAITING_PAYMENT and order.paid_at is None:
        _cancel_unpaid(order, chosen, whole=len(chosen) == len(live), at=at, by=by, reason=reason)
    else:
        _cancel_paid(order, chosen, len(chosen) == len(live), kept_percent, at=at, by=by, reason=reason)
    return order


def _explain_missing(order: Order, line_ids: Sequence[int]) -> None:
    if order.lines.filter(pk__in=line_ids).count() != len(set(line_ids)):
        raise NotFound(field="lines")
    raise WrongState(data={"state": order.status, "action": "cancel"})


def _cancel_unpaid(order: Order, lines: list[OrderLine], *, whole: bool, at: datetime, by: Any, reason: str) -> None:
    _release(order, lines, "cancel", at=at, by=by)
    if whole:
        order.closed_at = at
        move(order, "cancel", at=at, by=by, fields=["closed_at"], reason=reason)
        timers.cancel(kind="orders.expire", subject=order)
        _give_back_all(order, reason=reason or "cancelled", by=by, at=at)
        return
    order.lines.filter(pk__in=[line.pk for line in lines]).update(status=OrderLine.Status.VOID)
    taken = sum(line.amount_fen for line in lines)
    order.total_fen -= taken
    order.payable_fen -= sum(line.payable_fen for line in lines)
    order.discount_fen = order.total_fen - order.payable_fen
    order.save(update_fields=["total_fen", "payable_fen", "discount_fen"])
    tell(order, "lines_cancelled", at=at, by=by, data={"lines": [line.pk for line in lines], "reason": reason})


def _cancel_paid(
    order: Order, lines: list[OrderLine], whole: bool, kept: int | None, *, at: datetime, by: Any, reason: str
) -> None:
    shares: list[tuple[OrderLine | None, int]] = []
    room = order.paid_fen - order.refunded_fen
    for line in lines:
        percent = kept if kept is not None else registry.get(line.kind).kept_percent(line=line, at=at)
        for part in (line, *line.adjustments.filter(status__in=_LIVE)):
            back = part.payable_fen - rules.kept_fen(part.payable_fen, percent) - part.refunded_fen
            back = max(0, min(back, room))
            room -= back
            shares.append((part, back))
    _release(order, lines, "cancel", at=at, by=by)
    owed = owe(order, [share for share in shares if share[1]], reason=reason or "cancelled", by=by, at=at)
    order.closed_at = at if whole else order.closed_at
    data = {"lines": [line.pk for line in lines], "refund_fen": owed, "reason": reason}
    if owed:
        move(order, "refund", at=at, by=by, fields=["closed_at"], **data)
    elif whole:
        move(order, "cancel", at=at, by=by, fields=["closed_at"], **data)
    else:
        tell(order, "lines_cancelled", at=at, by=by, data=data)


def _give_back_all(order: Order, *, reason: str, by: Any, at: datetime) -> None:
    left = order.paid_fen - order.refunded_fen
    if left:
        owe(order, [(None, left)], reason=reason, by=by, at=at)
        move(order, "refund", at=at, by=by, amount_fen=left)


def _release(order: Order, lines: list[OrderLine], action: str, *, at: datetime, by: Any) -> None:
    ids = [line.pk for line in lines]
    released = OrderLine.Status.RELEASED
    order.lines.filter(pk__in=ids).update(status=released)
    order.lines.filter(parent_id__in=ids, status__in=_LIVE).update(status=released)
    for handler, mine in by_kind(lines):
        handler.release(order=order, lines=mine, at=at, action=action, by=by)
