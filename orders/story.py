"""An order's story in words, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.money import show
from orders.models import Order, Payment

WORDS = {
    "placed": gettext_lazy("Ordered"),
    "approved": gettext_lazy("Approved; the hold begins"),
    "pay": gettext_lazy("Paid"),
    "expire": gettext_lazy("Expired unpaid"),
    "cancel": gettext_lazy("Cancelled"),
    "lines_cancelled": gettext_lazy("Some lines cancelled"),
    "refund": gettext_lazy("A refund is owed"),
    "settle_part": gettext_lazy("Refunded in part"),
    "settle_all": gettext_lazy("Refunded wholly"),
    "complete": gettext_lazy("Completed"),
    "charge": gettext_lazy("A difference is to be paid"),
    "repriced": gettext_lazy("Price changed by a move"),
}
REASONS = {
    "cancelled": gettext_lazy("cancelled"),
    "expired": gettext_lazy("expired"),
    "moved": gettext_lazy("moved"),
}


@dataclass(frozen=True)
class Entry:
    """One line: what, when, by whom, why."""

    at: datetime
    text: str
    who: str
    reason: str = ""


def story_of(order: Order) -> list[Entry]:
    """Every event of an order; one query."""
    return [
        Entry(event.at, text_of(event.action, event.data), who_did(event), reason_of(event.data.get("reason", "")))
        for event in order.events.select_related("by").order_by("-pk")
    ]


def who_did(event: Any) -> str:
    """The member of staff by name; a member or the system by kind."""
    if event.by is not None:
        return str(event.by)
    return {"member": _("the guest"), "system": _("Atrium")}.get(event.actor, event.actor)


def reason_of(text: Any) -> str:
    """A reason that Atrium gave, in the reader's language; what people wrote stays as it is."""
    return str(REASONS.get(str(text), text))


def text_of(action: str, data: Mapping[str, Any]) -> str:
    """One event as a sentence."""
    if action == "payment":
        method = dict(Payment.Method.choices).get(data.get("method", ""), "")
        values = {"amount": show(data.get("amount_fen", 0)), "method": method, "reference": data.get("reference", "")}
        return (_("%(amount)s received by %(method)s %(reference)s") % values).strip()
    if action == "refund_handed_out":
        values = {"amount": show(data.get("amount_fen", 0)), "reference": data.get("reference", "")}
        return (_("%(amount)s handed out %(reference)s") % values).strip()
    if action == "repriced" and "difference_fen" in data:
        return _("Price changed by a move: %(amount)s") % {"amount": show(data["difference_fen"])}
    return str(WORDS.get(action, action))
