"""The one place where an order changes its state."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from core import states
from core.errors import NotFound
from core.transactions import lock_one
from orders import registry
from orders.models import Order, OrderEvent, OrderLine
from orders.rules import TRANSITIONS


def locked(order_id: int) -> Order:
    """Lock an order and read it freshly. Raises NotFound."""
    found = lock_one(Order.objects.all(), order_id)
    if found is None:
        raise NotFound
    return found


def move(order: Order, action: str, *, at: datetime, by: Any = None, fields: Iterable[str] = (), **data: Any) -> None:
    """Move a locked, freshly read order along the table and write its story. Raises WrongState."""
    before = order.status
    order.status = states.target(TRANSITIONS, action, before)
    order.save(update_fields=["status", *fields])
    tell(order, action, at=at, by=by, before=before, data=data)


def tell(
    order: Order, action: str, *, at: datetime, by: Any = None, before: str = "", data: Mapping[str, Any] | None = None
) -> None:
    """One line of the order's story."""
    staff = by if getattr(by, "is_staff", False) else None
    OrderEvent.objects.create(
        order=order,
        at=at,
        action=action,
        from_status=before or order.status,
        to_status=order.status,
        by=staff,
        actor="staff" if staff else "member" if by is not None else "system",
        data=dict(data or {}),
    )


def by_kind(lines: Sequence[OrderLine]) -> list[tuple[registry.LineHandler, list[OrderLine]]]:
    """Lines grouped under their handlers; adjustments follow their parent and have none."""
    main = sorted((line for line in lines if line.parent_id is None), key=lambda line: (line.kind, line.pk))
    return [(registry.get(kind), list(group)) for kind, group in groupby(main, key=lambda line: line.kind)]
