"""Record pages of venues. Every save raises the version of the rules in its own transaction."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin import RecordAdmin, RecordRows
from core.money import show
from venues import forms, services
from venues.models import (
    BookingPolicy,
    CancellationTier,
    Closure,
    HolidayOverride,
    OpeningHours,
    PriceRule,
    Room,
    RoomPhoto,
    Venue,
)
from venues.rules.clock_face import show_minute


class RulesAdmin(RecordAdmin):
    """Records that decide on bookings and prices."""

    view_permission = "venues.view"
    change_permission = "venues.manage"
    list_select_related = True

    def venues_of(self, obj: Any) -> Iterable[int]:
        """The venues whose rules a record is part of."""
        return [obj.venue_id]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        before = form.initial.get("venue")
        changed = {*self.venues_of(form.instance), *([getattr(before, "pk", before)] if before else [])}
        services.rules_changed(venue_ids=changed)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        touched = list(self.venues_of(obj))
        super().delete_model(request, obj)
        services.rules_changed(venue_ids=touched)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        touched = {pk for obj in queryset for pk in self.venues_of(obj)}
        super().delete_queryset(request, queryset)
        services.rules_changed(venue_ids=touched)


class RecordInline(RecordRows):
    """Rows of a record; who may change the record may change them."""

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("venues.view")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("venues.manage")

    has_delete_permission = has_change_permission

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("venues.manage")


class VenueHours(RecordInline):
    model = OpeningHours
    form = forms.HoursForm
    verbose_name_plural = _("opening hours")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(room=None).order_by("weekday", "opens_minute")


class RoomHours(RecordInline):
    model = OpeningHours
    fk_name = "room"
    form = forms.HoursForm
    verbose_name_plural = _("own opening hours (instead of the venue's)")


class Photos(RecordInline):
    model = RoomPhoto
    form = forms.PhotoForm


class Tiers(RecordInline):
    model = CancellationTier
    fields = ("hours_before", "percent_kept")


@admin.register(Venue)
class VenueAdmin(RulesAdmin):
    form = forms.VenueForm
    list_display = ("name", "timezone", "address", "active")
    search_fields = ("name", "slug", "address")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (VenueHours,)

    def venues_of(self, obj: Any) -> Iterable[int]:
        return [obj.pk]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A venue that nobody in charge could see would be lost: only staff of all venues add one."""
        everywhere = getattr(request.user, "all_venues", False) or getattr(request.user, "is_superuser", False)
        return everywhere and super().has_add_permission(request)


@admin.register(Room)
class RoomAdmin(RulesAdmin):
    form = forms.RoomForm
    list_display = ("name", "venue", "policy", "seats", "units", "active")
    list_filter = ("active",)
    search_fields = ("name", "description")
    inlines = (Photos, RoomHours)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = Room.objects.visible_to(request.user).select_related("venue")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: BaseModelFormSet, change: bool) -> None:
        """A room's own hours are of its venue."""
        for row in formset.save(commit=False):
            if isinstance(row, OpeningHours):
                row.venue_id = form.instance.venue_id
            row.save()
        for row in formset.deleted_objects:
            row.delete()
        formset.save_m2m()


@admin.register(BookingPolicy)
class PolicyAdmin(RulesAdmin):
    form = forms.PolicyForm
    list_display = ("name", "venue", "min_minutes", "max_minutes", "needs_approval")
    search_fields = ("name",)
    inlines = (Tiers,)


@admin.register(Closure)
class ClosureAdmin(RulesAdmin):
    form = forms.ClosureForm
    list_display = ("message", "venue", "room", "first_day", "last_day", "annual")
    list_filter = ("annual",)
    search_fields = ("message",)
    date_hierarchy = "first_day"


@admin.register(PriceRule)
class PriceRuleAdmin(RulesAdmin):
    form = forms.PriceRuleForm
    list_display = ("name", "venue", "room", "per_hour", "stretch", "priority", "active")
    list_filter = ("active",)
    search_fields = ("name",)

    @admin.display(description=_("price per hour"), ordering="hour_fen")
    def per_hour(self, rule: PriceRule) -> str:
        return show(rule.hour_fen)

    @admin.display(description=_("time of day"))
    def stretch(self, rule: PriceRule) -> str:
        return f"{show_minute(rule.from_minute)}–{show_minute(rule.to_minute)}"


@admin.register(HolidayOverride)
class HolidayAdmin(RulesAdmin):
    list_display = ("day", "name", "country", "workday")
    list_filter = ("country", "workday")

    def venues_of(self, obj: Any) -> Iterable[int]:
        return Venue.objects.exclude(holidays="").values_list("pk", flat=True)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """They hold in every venue of a country: for staff of all venues."""
        return bool(getattr(request.user, "all_venues", False)) and super().has_change_permission(request, obj)

    has_delete_permission = has_change_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)
