"""How orders look in the console: states, navigation, search."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import masking, navigation, search, tones
from core.money import show
from orders.listing import Wanted, orders_for
from orders.models import Order, OrderLine, Refund

ORDERS = {
    Order.Status.AWAITING_PAYMENT: ("hourglass_top", tones.WARN),
    Order.Status.PAID: ("paid", tones.GOOD),
    Order.Status.COMPLETED: ("task_alt", tones.NEUTRAL),
    Order.Status.CANCELLED: ("cancel", tones.MUTED),
    Order.Status.EXPIRED: ("timer_off", tones.MUTED),
    Order.Status.REFUNDING: ("currency_exchange", tones.WARN),
    Order.Status.PARTIALLY_REFUNDED: ("undo", tones.NEUTRAL),
    Order.Status.REFUNDED: ("undo", tones.MUTED),
}
LINES = {
    OrderLine.Status.HELD: ("timer", tones.WARN),
    OrderLine.Status.CONFIRMED: ("check", tones.GOOD),
    OrderLine.Status.RELEASED: ("undo", tones.MUTED),
    OrderLine.Status.VOID: ("remove", tones.MUTED),
}
REFUNDS = {Refund.State.DUE: ("payments", tones.WARN), Refund.State.DONE: ("task_alt", tones.NEUTRAL)}


def register() -> None:
    """Tell the shell."""
    for label, table in (("orders.order", ORDERS), ("orders.orderline", LINES), ("orders.refund", REFUNDS)):
        for state, (icon, tone) in table.items():
            tones.register(label, state, state.label, icon, tone)
    navigation.register(navigation.MONEY, _("Orders"), "orders:list", "orders.view", "receipt_long", order=10, key="o")
    search.register(_found, permission="orders.view")


def _found(query: str, actor: Any, limit: int) -> Iterable[search.Result]:
    rows = orders_for(actor, Wanted(text=query)).select_related("member")
    for item in rows.order_by("-created_at", "-pk")[:limit]:
        guest = masking.name(item.member.nickname if item.member else item.guest_name)
        parts = (guest, str(item.get_status_display()), show(item.payable_fen))
        subtitle = " · ".join(part for part in parts if part)
        yield search.Result(_("Order"), item.number, subtitle, reverse("orders:order", args=[item.pk]), "receipt_long")
