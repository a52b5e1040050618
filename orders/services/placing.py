"""Quoting and placing: everything is held, or nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from rest_framework.serializers import ValidationError

from core.transactions import unit
from orders import registry, rules
from orders.errors import CouponUnusable, EmptyOrder, OneVenue, UnknownKind
from orders.models import Order, OrderLine
from orders.registry import Buyer, Quote, Quoted
from orders.services.moves import locked, tell
from orders.services.paying import confirm_free
from timers import services as timers

MAX_LINES = 60
Wish = tuple[str, str, Any]
"""Kind, field path (``lines.0``) and what the handler parsed."""


def parse_lines(raw: Sequence[Mapping[str, Any]]) -> list[Wish]:
    """Validate raw lines by their handlers. Raises ValidationError naming ``lines.N.field``."""
    if not raw:
        raise EmptyOrder(field="lines")
    wishes: list[Wish] = []
    for index, item in enumerate(raw):
        kind = item.get("kind")
        if kind not in registry.kinds():
            raise UnknownKind(field=f"lines.{index}.kind")
        try:
            wishes.append((str(kind), f"lines.{index}", registry.get(str(kind)).parse(item)))
        except ValidationError as error:
            raise ValidationError({"lines": {str(index): error.detail}}) from error
    return wishes


def quote(*, wishes: Sequence[Wish], buyer: Buyer, at: datetime, coupon: str | None = None) -> Quote:
    """Price wishes, with reasons and conflicts, without holding anything."""
    _refuse_coupon(coupon)
    lines = _quoted(wishes, buyer, at, lock=False)
    total = sum(line.amount_fen for line in lines if line.conflict is None)
    return Quote(lines, total, 0, total)


@unit
def place_order(
    *,
    wishes: Sequence[Wish],
    buyer: Buyer,
    at: datetime,
    source: str,
    note: str = "",
    coupon: str | None = None,
) -> Order:
    """Hold everything or nothing and answer the order.

    Nothing to pay: it is paid at once. A line that needs approval: no deadline until approved.
    Raises the handlers' DomainErrors (SlotTaken, Closed, …), OneVenue, CouponUnusable.
    """
    _refuse_coupon(coupon)
    lines = _quoted(wishes, buyer, at, lock=True)
    for line in lines:
        if line.conflict is not None:
            raise line.conflict
    if len({line.venue_id for line in lines}) != 1:
        raise OneVenue(field="lines") if lines else EmptyOrder(field="lines")
    order = _create(lines, buyer, at, source, note)
    _hold(order, lines, buyer, at)
    return order


@unit
def approve_order(*, order_id: int, at: datetime, hold_minutes: int | None = None) -> Order:
    """Start the hold of an order whose last pending line was approved; a free one is paid."""
    order = locked(order_id)
    if order.status == Order.Status.AWAITING_PAYMENT and order.expires_at is None:
        if order.payable_fen == 0:
            confirm_free(order=order, at=at)
        else:
            _arm(order, at, hold_minutes)
            order.save(update_fields=["expires_at"])
            tell(order, "approved", at=at)
    return order


def _refuse_coupon(coupon: str | None) -> None:
    if coupon is not None:
        raise CouponUnusable(field="coupon")


def _quoted(wishes: Sequence[Wish], buyer: Buyer, at: datetime, *, lock: bool) -> list[Quoted]:
    found: list[Quoted] = []
    for kind in sorted({kind for kind, _field, _wish in wishes}):
        mine = [(field, wish) for its, field, wish in wishes if its == kind]
        found += registry.get(kind).quote(wishes=mine, buyer=buyer, at=at, lock=lock)
    return found


def _create(lines: Sequence[Quoted], buyer: Buyer, at: datetime, source: str, note: str) -> Order:
    total = sum(line.amount_fen for line in lines)
    order = Order(
        number=rules.new_number(at),
        venue_id=lines[0].venue_id,
        member=buyer.member,
        guest_name=buyer.guest_name,
        guest_phone=buyer.guest_phone,
        status=Order.Status.AWAITING_PAYMENT,
        source=source,
        created_by=buyer.staff,
        total_fen=total,
        payable_fen=total,
        note=note,
        created_at=at,
    )
    if total and not any(line.needs_approval for line in lines):
        order.expires_at = at + _hold_time(_shortest_hold(lines))
    order.save(force_insert=True)
    return order


def _hold(order: Order, lines: Sequence[Quoted], buyer: Buyer, at: datetime) -> None:
    rows = OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            kind=line.kind,
            title=line.title[:200],
            amount_fen=line.amount_fen,
            payable_fen=line.amount_fen,
            why=list(line.why),
        )
        for line in lines
    )
    pairs = list(zip(rows, lines, strict=True))
    for kind in sorted({line.kind for line in lines}):
        mine = [pair for pair in pairs if pair[1].kind == kind]
        registry.get(kind).hold(order=order, pairs=mine, buyer=buyer, at=at)
    tell(order, "placed", at=at, by=buyer.staff or buyer.member)
    if order.expires_at is not None:
        timers.schedule(kind="orders.expire", subject=order, due_at=order.expires_at, at=at, reason=order.number)
    elif order.payable_fen == 0 and not any(line.needs_approval for line in lines):
        confirm_free(order=order, at=at)
        return
    order._prefetched_objects_cache = {"lines": rows}  # type: ignore[attr-defined]  # as written: nothing moved since


def _arm(order: Order, at: datetime, hold_minutes: int | None) -> None:
    order.expires_at = at + _hold_time(hold_minutes)
    timers.schedule(kind="orders.expire", subject=order, due_at=order.expires_at, at=at, reason=order.number)


def _shortest_hold(lines: Sequence[Quoted]) -> int | None:
    given = [line.hold_minutes for line in lines if line.hold_minutes is not None]
    return min(given) if given else None


def _hold_time(minutes: int | None) -> timedelta:
    return timedelta(minutes=settings.BOOKING_HOLD_MINUTES if minutes is None else minutes)
