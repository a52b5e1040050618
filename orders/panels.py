"""Orders on other pages: a member's page, and the cards of the home page."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import home, tones
from core.money import show
from members import registry
from members.models import Member
from orders.models import Order, Refund

SHOWN = 10
MOST = 1000


def register() -> None:
    """Tell the member's page and the home page."""
    registry.panel(
        "orders", gettext_lazy("Orders"), "orders/_of_member.html", _of_member, permission="orders.view", order=20
    )
    home.register("refunds", _refunds, permission="orders.refund", order=30)


def _of_member(member: Member, user: Any, at: datetime) -> dict[str, Any]:
    rows = Order.objects.visible_to(user).filter(member=member).select_related("venue")
    return {"rows": list(rows.order_by("-created_at", "-pk")[:SHOWN])}


def _refunds(user: Any, venue: Any, at: datetime) -> home.Card | None:
    rows = Refund.objects.filter(order__venue=venue) if venue else Refund.objects.visible_to(user)
    amounts = list(rows.filter(state=Refund.State.DUE).values_list("amount_fen", flat=True)[:MOST])
    if not amounts:
        return None
    address = reverse("orders:list") + "?status=refunding"
    return home.Card(_("Refunds to hand out"), show(sum(amounts)), str(len(amounts)), address, tones.WARN)
