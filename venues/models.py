"""Venues, rooms and the rules they carry. All wall-clock values are in the venue's zone."""

from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MINUTES_A_DAY = 1440
GRAIN_MINUTES = 15


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows that belong to a venue; ``venue_path`` leads to the venue's id."""

    venue_path = "venue_id"

    def visible_to(self, actor: Any) -> Self:
        """What this member of staff may see: all, or the rows of the venues in their scope."""
        if getattr(actor, "all_venues", False) or getattr(actor, "is_superuser", False):
            return self
        own = StaffScope.objects.filter(user_id=actor.pk).values("venue_id")
        return self.filter(**{f"{self.venue_path}__in": own})


class VenueQuerySet(ScopedQuerySet):
    venue_path = "pk"


class RoomRelatedQuerySet(ScopedQuerySet):
    venue_path = "room__venue_id"


class Venue(models.Model):
    """A site. ``rules_version`` rises with every change of what decides on bookings and prices."""

    class Holidays(models.TextChoices):
        NONE = "", _("none")
        CN = "CN", _("China, with make-up workdays")
        US = "US", _("United States")

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("short name"), max_length=40, unique=True)
    timezone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    address = models.CharField(_("address"), max_length=200, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    notice = models.TextField(_("notice to guests"), blank=True)
    holidays = models.CharField(_("public holidays"), max_length=2, choices=Holidays.choices, blank=True, default="")
    closed_on_holidays = models.BooleanField(_("closed on public holidays"), default=False)
    active = models.BooleanField(_("open for business"), default=True)
    rules_version = models.PositiveIntegerField(default=1, editable=False)

    objects = VenueQuerySet.as_manager()

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class StaffScope(models.Model):
    """One venue in a staff user's scope; users with ``all_venues`` need none."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="scopes")
    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="scopes")

    class Meta:
        verbose_name = _("staff scope")
        verbose_name_plural = _("staff scopes")
        constraints = [models.UniqueConstraint(fields=["user", "venue"], name="scope_once")]

    def __str__(self) -> str:
        return f"{self.user_id}@{self.venue_id}"


class BookingPolicy(models.Model):
    """The rules that a room's bookings follow; frozen onto each booking when it is made."""

    class Period(models.TextChoices):
        DAY = "day", _("day")
        WEEK = "week", _("week")
        MONTH = "month", _("month")

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="policies", verbose_name=_("venue"))
    name = models.CharField(_("name"), max_length=80)
    min_notice_minutes = models.PositiveIntegerField(_("minimum notice in minutes"), default=0)
    max_notice_days = models.PositiveIntegerField(_("bookable days ahead"), default=90)
    min_minutes = models.PositiveIntegerField(_("shortest booking in minutes"), default=30)
    max_minutes = models.PositiveIntegerField(_("longest booking in minutes"), default=480)
    step_minutes = models.PositiveIntegerField(_("step in minutes"), default=15)
    turnaround_minutes = models.PositiveIntegerField(_("turnaround in minutes"), default=0)
    needs_approval = models.BooleanField(_("needs approval"), default=False)
    hold_minutes = models.PositiveIntegerField(_("hold while unpaid in minutes"), null=True, blank=True)
    quota_minutes = models.PositiveIntegerField(_("quota per member in minutes"), null=True, blank=True)
    quota_period = models.CharField(_("quota period"), max_length=8, choices=Period.choices, default=Period.WEEK)
    plan_codes = models.JSONField(_("only for these plans"), default=list, blank=True)
    check_in_early_minutes = models.PositiveIntegerField(_("check-in opens before start, minutes"), default=15)
    no_show_minutes = models.PositiveIntegerField(_("released as no-show after, minutes"), default=15)
    no_show_exempt_minutes = models.PositiveIntegerField(_("no release for bookings from, minutes"), default=480)
    reminder_minutes = models.PositiveIntegerField(_("reminder before start, minutes"), default=60)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking policy")
        verbose_name_plural = _("booking policies")
        ordering = ["venue_id", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(min_minutes__lte=F("max_minutes")), name="policy_min_below_max"),
            models.CheckConstraint(condition=Q(step_minutes__gte=15), name="policy_step_on_grain"),
        ]

    def __str__(self) -> str:
        return self.name


class CancellationTier(models.Model):
    """Cancelled at least ``hours_before`` the start: ``percent_kept`` of the price is kept."""

    policy = models.ForeignKey(BookingPolicy, on_delete=models.CASCADE, related_name="tiers")
    hours_before = models.PositiveIntegerField(_("hours before the start"))
    percent_kept = models.PositiveSmallIntegerField(_("percent kept"), validators=[MaxValueValidator(100)])

    class Meta:
        verbose_name = _("cancellation tier")
        verbose_name_plural = _("cancellation tiers")
        ordering = ["-hours_before"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "hours_before"], name="tier_once"),
            models.CheckConstraint(condition=Q(percent_kept__lte=100), name="tier_percent"),
        ]

    def __str__(self) -> str:
        return f"≥ {self.hours_before} h: {self.percent_kept} %"


class Room(models.Model):
    """Something bookable. ``units > 1`` is a pool of desks; ``parts`` make a divisible whole."""

    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="rooms", verbose_name=_("venue"))
    policy = models.ForeignKey(BookingPolicy, on_delete=models.PROTECT, related_name="rooms", verbose_name=_("policy"))
    name = models.CharField(_("name"), max_length=80)
    seats = models.PositiveIntegerField(_("seats"), default=1, validators=[MinValueValidator(1)])
    units = models.PositiveIntegerField(_("units"), default=1, validators=[MinValueValidator(1)])
    equipment = models.JSONField(_("equipment"), default=list, blank=True)
    description = models.TextField(_("description"), blank=True)
    parts = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="wholes", verbose_name=_("parts")
    )
    day_cap_fen = models.PositiveIntegerField(_("price cap per day, fen"), null=True, blank=True)
    sort = models.PositiveIntegerField(_("order on the timeline"), default=0)
    active = models.BooleanField(_("bookable"), default=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["venue_id", "sort", "id"]
        constraints = [
            models.UniqueConstraint(fields=["venue", "name"], name="room_name_once"),
            models.CheckConstraint(condition=Q(units__gte=1), name="room_units"),
        ]

    def __str__(self) -> str:
        return self.name


class RoomPhoto(models.Model):
    """A picture of a room, re-encoded on upload."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="photos")
    image = models.ImageField(_("image"), upload_to="rooms/")
    caption = models.CharField(_("caption"), max_length=80, blank=True)
    sort = models.PositiveIntegerField(pgettext_lazy("position", "order"), default=0)

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["sort", "id"]

    def __str__(self) -> str:
        return self.caption or str(self.image.name)


class OpeningHours(models.Model):
    """A stretch of a weekday in which a venue (or one room) is open; minutes from midnight."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="hours", verbose_name=_("venue"))
    room = models.ForeignKey(
        Room, on_delete=models.CASCADE, null=True, blank=True, related_name="hours", verbose_name=_("only this room")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday (0 = Monday)"), validators=[MaxValueValidator(6)])
    opens_minute = models.PositiveSmallIntegerField(_("opens"))
    closes_minute = models.PositiveSmallIntegerField(_("closes"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["venue_id", "weekday", "opens_minute"]
        constraints = [
            models.CheckConstraint(condition=Q(opens_minute__lt=F("closes_minute")), name="hours_forward"),
            models.CheckConstraint(condition=Q(closes_minute__lte=MINUTES_A_DAY), name="hours_in_day"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="hours_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens_minute}–{self.closes_minute}"


class Closure(models.Model):
    """A time in which a venue or one room is shut, with the message guests see.

    Whole local days ``first_day``..``last_day``; with minutes, that stretch of each of them.
    An annual one recurs on the same month and day.
    """

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="closures", verbose_name=_("venue"))
    room = models.ForeignKey(
        Room, on_delete=models.CASCADE, null=True, blank=True, related_name="closures", verbose_name=_("only this room")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    from_minute = models.PositiveSmallIntegerField(_("from"), default=0)
    to_minute = models.PositiveSmallIntegerField(_("to"), default=MINUTES_A_DAY)
    annual = models.BooleanField(_("every year"), default=False)
    message = models.CharField(_("message"), max_length=200)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["first_day", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="closure_days_forward"),
            models.CheckConstraint(condition=Q(from_minute__lt=F("to_minute")), name="closure_minutes_forward"),
            models.CheckConstraint(condition=Q(to_minute__lte=MINUTES_A_DAY), name="closure_in_day"),
        ]

    def __str__(self) -> str:
        return self.message


class HolidayOverride(models.Model):
    """A public holiday or make-up workday that the calendar package does not know (yet)."""

    country = models.CharField(_("country"), max_length=2)
    day = models.DateField(pgettext_lazy("date", "day"))
    workday = models.BooleanField(_("is a workday"), default=False)
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("holiday override")
        verbose_name_plural = _("holiday overrides")
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["country", "day"], name="override_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class PriceRule(models.Model):
    """A price per hour and unit, for a room or all of a venue; the highest priority wins.

    ``weekdays`` is a string of digits ``0``–``6`` (Monday first); minutes are of the local day.
    """

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="prices", verbose_name=_("venue"))
    room = models.ForeignKey(
        Room, on_delete=models.CASCADE, null=True, blank=True, related_name="prices", verbose_name=_("only this room")
    )
    name = models.CharField(_("name"), max_length=80)
    weekdays = models.CharField(_("weekdays"), max_length=7, default="0123456")
    from_minute = models.PositiveSmallIntegerField(_("from"), default=0)
    to_minute = models.PositiveSmallIntegerField(_("to"), default=MINUTES_A_DAY)
    first_day = models.DateField(_("first day"), null=True, blank=True)
    last_day = models.DateField(_("last day"), null=True, blank=True)
    plan_code = models.CharField(_("only for plan"), max_length=40, blank=True)
    hour_fen = models.PositiveIntegerField(_("price per hour, fen"))
    priority = models.IntegerField(_("priority"), default=0)
    active = models.BooleanField(_("active"), default=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("price rule")
        verbose_name_plural = _("price rules")
        ordering = ["venue_id", "-priority", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(from_minute__lt=F("to_minute")), name="price_minutes_forward"),
            models.CheckConstraint(condition=Q(to_minute__lte=MINUTES_A_DAY), name="price_in_day"),
        ]

    def __str__(self) -> str:
        return self.name
