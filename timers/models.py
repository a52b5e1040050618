"""Durable timers: due work is a row, written in the transaction of its cause (RULES.md)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Timer(models.Model):
    """One piece of due work about one subject.

    ``open_key`` is ``kind:subject_type:subject_id`` while the timer is live and NULL after, so
    a subject has at most one live timer of a kind. ``due_at`` is UTC with microseconds.
    """

    class State(models.TextChoices):
        SCHEDULED = "scheduled", _("scheduled")
        LEASED = "leased", _("being fired")
        FIRED = "fired", _("fired")
        SKIPPED = "skipped", _("skipped")
        CANCELLED = "cancelled", _("cancelled")
        DEAD = "dead", _("dead")

    LIVE = (State.SCHEDULED, State.LEASED)

    class Late(models.TextChoices):
        FIRE = "fire", _("fire however late")
        SKIP_IF_AFTER = "skip_if_after", _("skip if it is too late")
        COALESCE = "coalesce", _("fire once for several")

    kind = models.CharField(_("kind"), max_length=60)
    subject_type = models.CharField(_("subject"), max_length=60)
    subject_id = models.BigIntegerField(_("subject id"))
    open_key = models.CharField(max_length=160, null=True, unique=True, editable=False)
    due_at = models.DateTimeField(_("due"))
    wall_clock = models.CharField(_("wall clock"), max_length=32, blank=True)
    zone = models.CharField(_("time zone"), max_length=40, blank=True)
    late_policy = models.CharField(_("if late"), max_length=16, choices=Late.choices, default=Late.FIRE)
    skip_after = models.DateTimeField(_("useless after"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.SCHEDULED)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    lease_token = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    payload = models.JSONField(default=dict, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"))
    fired_at = models.DateTimeField(_("fired"), null=True, blank=True)
    lateness_ms = models.BigIntegerField(_("lateness in ms"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("timer")
        verbose_name_plural = _("timers")
        indexes = [
            models.Index(fields=["state", "due_at", "id"], name="timer_claim"),
            models.Index(fields=["state", "lease_until"], name="timer_lease"),
            models.Index(fields=["subject_type", "subject_id"], name="timer_subject"),
            models.Index(fields=["fired_at", "lateness_ms"], name="timer_lateness"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["scheduled", "leased"], open_key__isnull=False)
                | models.Q(state__in=["fired", "skipped", "cancelled", "dead"], open_key__isnull=True),
                name="timer_open_while_live",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type}#{self.subject_id}"


class ArchivedTimer(models.Model):
    """A finished timer, moved out of the way of the claim index. Written once, never changed."""

    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(_("kind"), max_length=60)
    subject_type = models.CharField(_("subject"), max_length=60)
    subject_id = models.BigIntegerField(_("subject id"))
    due_at = models.DateTimeField(_("due"))
    state = models.CharField(_("state"), max_length=12, choices=Timer.State.choices)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"))
    fired_at = models.DateTimeField(_("fired"), null=True, blank=True)
    lateness_ms = models.BigIntegerField(_("lateness in ms"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("archived timer")
        verbose_name_plural = _("archived timers")
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="archived_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type}#{self.subject_id}"


class OutboxMessage(models.Model):
    """A message that must leave at least once, keyed so that it is written once."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        DEAD = "dead", _("dead")

    key = models.CharField(_("key"), max_length=160, unique=True)
    topic = models.CharField(_("topic"), max_length=60)
    payload = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next attempt"))
    lease_token = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField(_("created"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        indexes = [models.Index(fields=["state", "next_at", "id"], name="outbox_claim")]

    def __str__(self) -> str:
        return self.key
