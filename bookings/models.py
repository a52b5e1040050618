"""Bookings of rooms, and the claims that make double booking impossible."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.models import Member
from orders.models import OrderLine
from venues.models import Room, ScopedQuerySet, Venue


class Series(models.Model):
    """A repeated booking: occurrences are materialised, each with its own state."""

    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="series")
    rule = models.JSONField()
    split_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="splits")
    created_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")

    def __str__(self) -> str:
        return f"#{self.pk}"


class Booking(models.Model):
    """A stretch of time in a room. Policy and price are frozen on it when it is made."""

    class Status(models.TextChoices):
        PENDING = "pending", _("awaiting approval")
        HELD = "held", _("held")
        CONFIRMED = "confirmed", _("confirmed")
        CHECKED_IN = "checked_in", _("checked in")
        COMPLETED = "completed", _("completed")
        CANCELLED = "cancelled", _("cancelled")
        REJECTED = "rejected", _("rejected")
        EXPIRED = "expired", _("expired")
        NO_SHOW = "no_show", _("no-show")

    CLAIMING = (Status.PENDING, Status.HELD, Status.CONFIRMED, Status.CHECKED_IN)
    """States that hold their claims; a completed one keeps at most its turnaround for a while."""

    code = models.CharField(_("check-in code"), max_length=12, unique=True)
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="bookings", verbose_name=_("venue"))
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="bookings", verbose_name=_("room"))
    unit = models.PositiveIntegerField(_("unit"), default=1)
    line = models.OneToOneField(OrderLine, on_delete=models.PROTECT, null=True, related_name="booking")
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings", verbose_name=_("member")
    )
    guest_name = models.CharField(_("guest"), max_length=60, blank=True)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings")
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    attendees = models.PositiveIntegerField(_("people"), default=1)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices)
    policy = models.JSONField(_("frozen policy"), default=dict)
    price_fen = models.PositiveBigIntegerField(_("price"), default=0)
    created_at = models.DateTimeField(_("created"))
    checked_in_at = models.DateTimeField(_("checked in at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        indexes = [
            models.Index(fields=["starts_at", "id"], name="booking_start"),
            models.Index(fields=["venue", "starts_at", "id"], name="booking_venue_start"),
            models.Index(fields=["room", "starts_at"], name="booking_room_start"),
            models.Index(fields=["member", "starts_at"], name="booking_member_start"),
            models.Index(fields=["status", "starts_at", "id"], name="booking_status_start"),
            models.Index(fields=["guest_name"], name="booking_guest"),
        ]
        constraints = [models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="booking_forward")]

    def __str__(self) -> str:
        return self.code


class RoomClaim(models.Model):
    """One quarter of an hour of one unit of one leaf space, owned by one booking.

    ``slot_start`` counts quarter-hours since 1970-01-01T00:00Z. The unique constraint is the
    truth about double booking; everything else only explains it in time.
    """

    space = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="claims")
    unit = models.PositiveIntegerField()
    slot_start = models.BigIntegerField()
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="claims")

    class Meta:
        verbose_name = _("room claim")
        verbose_name_plural = _("room claims")
        constraints = [models.UniqueConstraint(fields=["space", "unit", "slot_start"], name="claim_once")]
        indexes = [models.Index(fields=["space", "slot_start"], name="claim_space_slot")]

    def __str__(self) -> str:
        return f"{self.space_id}/{self.unit}@{self.slot_start}"


class BookingEvent(models.Model):
    """One line of a booking's story; written with every move."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    action = models.CharField(max_length=40)
    from_status = models.CharField(max_length=12, blank=True)
    to_status = models.CharField(max_length=12, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    actor = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.action} → {self.to_status}"


class Strike(models.Model):
    """A no-show held against a member until it expires."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="strikes")
    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="strike")
    at = models.DateTimeField(_("at"))
    expires_at = models.DateTimeField(_("expires"))
    waived_at = models.DateTimeField(_("waived"), null=True, blank=True)

    class Meta:
        verbose_name = _("strike")
        verbose_name_plural = _("strikes")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.member_id} {self.at}"
