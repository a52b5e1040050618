"""Timers and auditors of orders."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from orders import services
from orders.models import Order
from timers import auditors, registry
from timers import services as timers
from timers.models import Timer


def _expire(order: Order, timer: Timer, at: datetime) -> None:
    services.expire_order(order_id=order.pk, at=at)


def _still_unpaid(order: Order, timer: Timer, at: datetime) -> bool:
    return order.status == Order.Status.AWAITING_PAYMENT and order.expires_at is not None


def _unpaid() -> QuerySet[Order]:
    return Order.objects.filter(status=Order.Status.AWAITING_PAYMENT, expires_at__isnull=False)


def _rearm(order: Order, at: datetime) -> None:
    timers.schedule(kind="orders.expire", subject=order, due_at=order.expires_at, at=at, reason=order.number)


def register() -> None:
    """Announce what orders do when their time comes."""
    kind = registry.TimerKind(
        name="orders.expire",
        subject_model=Order,
        label=_("Release of an unpaid order"),
        fire=_expire,
        guard=_still_unpaid,
    )
    registry.register(kind)
    auditors.register("orders.expire", _unpaid, _rearm)
