"""Invariants of orders, checked with flat memory."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import ledger
from core.ledger import Drift
from orders.models import Order, OrderLine, Payment
from timers import auditors

_BATCH = 2000


def _sums() -> Iterator[Drift]:
    """Lines that count sum to the order's amounts; payments and refunds to what it says."""
    counted = ~Q(lines__status=OrderLine.Status.VOID)
    rows = Order.objects.annotate(
        lines_fen=Coalesce(Sum("lines__amount_fen", filter=counted), 0),
        lines_payable=Coalesce(Sum("lines__payable_fen", filter=counted), 0),
    ).exclude(total_fen=F("lines_fen"), payable_fen=F("lines_payable"))
    for order in rows.order_by().values("pk", "number", "total_fen", "lines_fen").iterator(_BATCH):
        text = _("Order %(number)s says %(total_fen)s fen, its lines %(lines_fen)s.") % order
        yield Drift(f"orders.order:{order['pk']}", text, order)


def _paid() -> Iterator[Drift]:
    rows = Order.objects.annotate(
        received=Coalesce(Sum("payments__amount_fen"), 0), back=Coalesce(Sum("payments__refunded_fen"), 0)
    ).exclude(paid_fen=F("received"), refunded_fen=F("back"))
    for order in rows.order_by().values("pk", "number", "paid_fen", "received", "back").iterator(_BATCH):
        text = _("Order %(number)s says %(paid_fen)s fen were paid, its payments %(received)s.") % order
        yield Drift(f"orders.order:{order['pk']}", text, order)


def _refunds() -> Iterator[Drift]:
    rows = Payment.objects.annotate(owed=Coalesce(Sum("refunds__amount_fen"), 0)).exclude(refunded_fen=F("owed"))
    for payment in rows.order_by().values("pk", "refunded_fen", "owed").iterator(_BATCH):
        text = _("Payment %(pk)s says %(refunded_fen)s fen are refunded, its refunds %(owed)s.") % payment
        yield Drift(f"orders.payment:{payment['pk']}", text, payment)


def _timers() -> Iterator[Drift]:
    """No live hold without its timer."""
    for auditor in auditors.all_auditors():
        if auditor.kind == "orders.expire":
            for order in auditor.without_timer().iterator(_BATCH):
                text = _("Order %(number)s is held but nothing will release it.") % {"number": order.number}
                yield Drift(f"orders.order:{order.pk}", text, {"pk": order.pk})


def _rearm(drift: Drift, at: datetime) -> None:
    auditors.audit(at=at)


def register() -> None:
    """Announce the checks."""
    ledger.register("orders.sums", gettext_lazy("Orders sum to their lines"), _sums)
    ledger.register("orders.payments", gettext_lazy("Orders agree with their payments"), _paid)
    ledger.register("orders.refunds", gettext_lazy("Refunds stay within payments"), _refunds)
    ledger.register("orders.timers", gettext_lazy("Every hold has its timer"), _timers, _rearm)
