"""Orders, their lines, what was paid and what is to be paid back. All money in fen."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.models import Member
from venues.models import ScopedQuerySet, Venue


class RelatedToOrder(ScopedQuerySet):
    venue_path = "order__venue_id"


class Order(models.Model):
    """What one guest buys at once. States move only through `orders.services`."""

    class Status(models.TextChoices):
        AWAITING_PAYMENT = "awaiting_payment", _("awaiting payment")
        PAID = "paid", _("paid")
        COMPLETED = "completed", _("completed")
        CANCELLED = "cancelled", _("cancelled")
        EXPIRED = "expired", _("expired")
        REFUNDING = "refunding", _("refunding")
        PARTIALLY_REFUNDED = "partially_refunded", _("partially refunded")
        REFUNDED = "refunded", _("refunded")

    class Source(models.TextChoices):
        API = "api", _("mini-program")
        CONSOLE = "console", _("console")
        DEMO = "demo", _("demonstration")

    number = models.CharField(_("number"), max_length=24, unique=True)
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="orders", verbose_name=_("venue"))
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("member")
    )
    guest_name = models.CharField(_("guest"), max_length=60, blank=True)
    guest_phone = models.CharField(_("guest's phone"), max_length=20, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status.choices)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    total_fen = models.PositiveBigIntegerField(_("total"), default=0)
    discount_fen = models.PositiveBigIntegerField(_("discount"), default=0)
    payable_fen = models.PositiveBigIntegerField(_("payable"), default=0)
    paid_fen = models.PositiveBigIntegerField(_("paid"), default=0)
    refunded_fen = models.PositiveBigIntegerField(_("refunded"), default=0)
    note = models.CharField(_("note"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("hold ends"), null=True, blank=True)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        indexes = [
            models.Index(fields=["created_at", "id"], name="order_created"),
            models.Index(fields=["venue", "created_at", "id"], name="order_venue_created"),
            models.Index(fields=["status", "created_at", "id"], name="order_status_created"),
            models.Index(fields=["member", "created_at"], name="order_member"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(payable_fen=F("total_fen") - F("discount_fen")), name="order_sums"),
            models.CheckConstraint(condition=Q(refunded_fen__lte=F("paid_fen")), name="order_refund_within_paid"),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """One thing in an order; the record behind it (a booking for ``room``) points back to it.

    An adjustment (a move's price difference) has its line as ``parent``. A void line was taken
    out before it was paid and no longer counts in the order's sums.
    """

    class Status(models.TextChoices):
        HELD = "held", _("held")
        CONFIRMED = "confirmed", _("confirmed")
        RELEASED = "released", _("released")
        VOID = "void", _("taken out before payment")

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    kind = models.CharField(_("kind"), max_length=20)
    title = models.CharField(_("title"), max_length=200)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.HELD)
    amount_fen = models.PositiveBigIntegerField(_("amount"), default=0)
    discount_fen = models.PositiveBigIntegerField(_("discount"), default=0)
    payable_fen = models.PositiveBigIntegerField(_("payable"), default=0)
    refunded_fen = models.PositiveBigIntegerField(_("refunded"), default=0)
    why = models.JSONField(default=list)
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="adjustments")

    objects = RelatedToOrder.as_manager()

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(payable_fen=F("amount_fen") - F("discount_fen")), name="line_sums"),
            models.CheckConstraint(condition=Q(refunded_fen__lte=F("payable_fen")), name="line_refund_within_payable"),
        ]

    def __str__(self) -> str:
        return self.title


class Payment(models.Model):
    """Money received. Desk payments are done when written; the gateway comes with its own states."""

    class Method(models.TextChoices):
        CASH = "cash", _("cash")
        TRANSFER = "transfer", _("bank transfer")
        CARD = "card", _("card terminal")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    method = models.CharField(_("method"), max_length=12, choices=Method.choices)
    amount_fen = models.PositiveBigIntegerField(_("amount"))
    refunded_fen = models.PositiveBigIntegerField(_("refunded"), default=0)
    reference = models.CharField(_("reference"), max_length=60, blank=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(_("received"))

    objects = RelatedToOrder.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payment_positive"),
            models.CheckConstraint(condition=Q(refunded_fen__lte=F("amount_fen")), name="payment_refund_within"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.amount_fen}"


class Refund(models.Model):
    """Money owed back: intended first (``due``), then handed out by somebody."""

    class State(models.TextChoices):
        DUE = "due", _("to be handed out")
        DONE = "done", _("handed out")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, null=True, related_name="refunds")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount_fen = models.PositiveBigIntegerField(_("amount"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DUE)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    reference = models.CharField(_("reference"), max_length=60, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"))
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(_("handed out at"), null=True, blank=True)

    objects = RelatedToOrder.as_manager()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(amount_fen__gt=0), name="refund_positive")]

    def __str__(self) -> str:
        return f"{self.amount_fen}"


class OrderEvent(models.Model):
    """One line of an order's story; written with every move."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    action = models.CharField(max_length=40)
    from_status = models.CharField(max_length=20, blank=True)
    to_status = models.CharField(max_length=20, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    actor = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.action} → {self.to_status}"
