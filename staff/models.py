"""Staff users and roles. Their scope of venues is kept one floor up, in `venues`."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from staff import registry, rules


class Role(models.Model):
    """A named set of permission codes (`core.permissions`)."""

    slug = models.SlugField(_("slug"), unique=True, max_length=40)
    name = models.CharField(_("name"), max_length=60)
    permissions = models.JSONField(_("permissions"), default=list, blank=True)
    builtin = models.BooleanField(_("built in"), default=False, editable=False)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(rules.ROLE_LABELS.get(self.slug, self.name)) if self.builtin else self.name


class UserQuerySet(models.QuerySet["User"]):
    """Staff users."""

    def visible_to(self, actor: Any) -> "UserQuerySet":
        """All, for staff of all venues; otherwise oneself and those who share a venue."""
        if actor.all_venues or actor.is_superuser:
            return self
        return self.filter(Q(pk=actor.pk) | Q(pk__in=registry.scope().colleagues(actor)))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes staff users; only used by services, the demo and `createsuperuser`."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(username, password, is_superuser=True, all_venues=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """A member of staff. A disabled one loses access with the next request."""

    username = models.CharField(_("user name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=60, blank=True)
    email = models.EmailField(_("email"), blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_superuser = models.BooleanField(_("superuser"), default=False)
    all_venues = models.BooleanField(_("all venues"), default=False)
    roles = models.ManyToManyField(Role, verbose_name=_("roles"), blank=True, related_name="users")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_short_name(self) -> str:
        return str(self)

    def get_full_name(self) -> str:
        return str(self)

    @property
    def is_staff(self) -> bool:
        """Every user is staff; members live in `members`."""
        return self.is_active

    @cached_property
    def role_list(self) -> list[Role]:
        """The roles; one query, kept for the life of this object."""
        return list(self.roles.all())

    @cached_property
    def permission_codes(self) -> frozenset[str]:
        """The union of the roles' codes."""
        return rules.union([role.permissions for role in self.role_list])

    @property
    def reach(self) -> rules.Reach:
        """What this user holds, to be compared with what is to be granted."""
        return rules.Reach(self.permission_codes, registry.scope().ids(self), self.all_venues, self.is_superuser)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_active and (self.is_superuser or perm in self.permission_codes)

    def has_perms(self, perm_list: Iterable[str], obj: Any = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and (
            self.is_superuser or any(code.startswith(f"{app_label}.") for code in self.permission_codes)
        )


class StaffSession(models.Model):
    """A browser in which a user is signed in; the row and Django's session end together."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    session_key = models.CharField(max_length=40, unique=True)
    address = models.GenericIPAddressField(_("address"), null=True)
    agent = models.CharField(_("browser"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("signed in"))
    seen_at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("staff session")
        verbose_name_plural = _("staff sessions")
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return self.agent or str(self.pk)


class Invitation(models.Model):
    """A link by which somebody becomes staff: single use, expiring; only a digest is kept."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=60)
    email = models.EmailField(_("email"), blank=True)
    roles = models.ManyToManyField(Role, verbose_name=_("roles"), related_name="invitations")
    all_venues = models.BooleanField(_("all venues"), default=False)
    venue_ids = models.JSONField(_("venues"), default=list, blank=True)
    invited_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("by"))
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    user = models.OneToOneField(User, on_delete=models.CASCADE, null=True, blank=True, related_name="invitation")

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
