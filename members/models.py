"""Members, their plans and their signed sessions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Plan(models.Model):
    """A membership plan; rooms and prices refer to its ``code``."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    active = models.BooleanField(_("on sale"), default=True)

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """A guest who books; first seen through WeChat or written down by staff.

    Phone and openid are personal data: masked in logs, broker messages and most pages.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        BLOCKED = "blocked", _("blocked")

    openid = models.CharField(_("openid"), max_length=64, null=True, blank=True, unique=True)
    unionid = models.CharField(_("unionid"), max_length=64, blank=True)
    nickname = models.CharField(_("name"), max_length=60)
    avatar_url = models.URLField(_("picture"), max_length=300, blank=True)
    phone = models.CharField(_("phone"), max_length=20, null=True, blank=True, unique=True)
    phone_last4 = models.CharField(_("last four digits"), max_length=4, blank=True, editable=False)
    email = models.EmailField(_("email"), blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    level = models.CharField(_("level"), max_length=20, default="standard")
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.ACTIVE)
    blocked_reason = models.CharField(_("reason"), max_length=200, blank=True)
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("plan")
    )
    plan_ends_at = models.DateTimeField(_("plan ends"), null=True, blank=True)
    calendar_token = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)
    note = models.TextField(_("note"), blank=True)
    created_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["phone_last4"], name="member_last4"),
            models.Index(fields=["nickname"], name="member_nickname"),
            models.Index(fields=["created_at", "id"], name="member_since"),
        ]

    def __str__(self) -> str:
        return self.nickname

    is_authenticated = True
    """What DRF asks of ``request.user``."""


class MemberSession(models.Model):
    """One signed session. Its secret is derived from a master key and ``key_id``, never stored."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="sessions")
    key_id = models.CharField(max_length=40, unique=True)
    key_version = models.CharField(max_length=10)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("ended"), null=True, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    device = models.CharField(_("device"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-id"]
        indexes = [models.Index(fields=["expires_at"], name="membersession_expiry")]

    def __str__(self) -> str:
        return self.key_id


class IdempotencyRecord(models.Model):
    """The stored answer to one Idempotency-Key, written in the effect's own transaction."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=128)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True, default="")
    content_type = models.CharField(max_length=40, default="application/json")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "key"], name="idempotency_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]

    def __str__(self) -> str:
        return self.key


class InboxMessage(models.Model):
    """A message in a member's in-app inbox."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="messages")
    key = models.CharField(max_length=160, unique=True)
    kind = models.CharField(_("kind"), max_length=60)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), blank=True)
    link = models.CharField(_("link"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-id"]
        indexes = [models.Index(fields=["member", "read_at"], name="inbox_unread")]

    def __str__(self) -> str:
        return self.title
