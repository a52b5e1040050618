"""Forms of the record pages: what is refused is said beside its field."""

from typing import Any, BinaryIO, cast
from zoneinfo import available_timezones

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.errors import DomainError
from venues import services
from venues.fields import WEEKDAYS, MinuteField, TagsField, WeekdaysField, YuanField
from venues.models import BookingPolicy, Closure, OpeningHours, PriceRule, Room, RoomPhoto, Venue

DAY = 1440


class Forward:
    """Refuses a stretch of the day that does not end after its start."""

    first, last = "from_minute", "to_minute"

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data  # type: ignore[misc,attr-defined]
        first, last = data.get(self.first), data.get(self.last)
        if first is not None and last is not None and first >= last:
            self.add_error(self.last, _("Must be later than the start."))  # type: ignore[attr-defined]
        return data


class VenueForm(forms.ModelForm):
    """The zone must be one that this machine knows."""

    class Meta:
        model = Venue
        fields = (
            "name", "slug", "timezone", "address", "latitude", "longitude", "phone", "notice", "holidays",
            "closed_on_holidays", "active",
        )  # fmt: skip

    def clean_timezone(self) -> str:
        zone = str(self.cleaned_data["timezone"])
        if zone not in available_timezones():
            raise forms.ValidationError(_("Not a time zone; write one such as Asia/Shanghai."))
        return zone


class HoursForm(Forward, forms.ModelForm):
    """Open from, until; a night over midnight is two rows."""

    first, last = "opens_minute", "closes_minute"
    weekday = forms.TypedChoiceField(label=gettext_lazy("weekday"), choices=WEEKDAYS, coerce=int)
    opens_minute = MinuteField(label=gettext_lazy("opens"))
    closes_minute = MinuteField(label=gettext_lazy("closes"))

    class Meta:
        model = OpeningHours
        fields = ("weekday", "opens_minute", "closes_minute")


class ClosureForm(Forward, forms.ModelForm):
    """A closure over live bookings is refused with the list of them."""

    from_minute = MinuteField(label=gettext_lazy("from"), initial=0)
    to_minute = MinuteField(label=gettext_lazy("to"), initial=DAY)

    class Meta:
        model = Closure
        fields = ("venue", "room", "first_day", "last_day", "from_minute", "to_minute", "annual", "message")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and first > last:
            self.add_error("last_day", _("The last day is before the first."))
        if first and last and data.get("annual") and (last - first).days > 365:
            self.add_error("last_day", _("What recurs every year is shorter than a year."))
        refuse_foreign_room(self, data)
        if not self.errors:
            self._refuse_covered(data)
        return data

    def _refuse_covered(self, data: dict[str, Any]) -> None:
        try:
            services.refuse_covered(closure=Closure(**{name: data[name] for name in self.Meta.fields}), at=clock.now())
        except DomainError as error:
            self.add_error("first_day", str(error))


class PriceRuleForm(Forward, forms.ModelForm):
    """Weekdays as boxes, money in yuan."""

    weekdays = WeekdaysField(label=gettext_lazy("weekdays"), initial="0123456")
    from_minute = MinuteField(label=gettext_lazy("from"), initial=0)
    to_minute = MinuteField(label=gettext_lazy("to"), initial=DAY)
    hour_fen = YuanField(label=gettext_lazy("price per hour, yuan"))

    class Meta:
        model = PriceRule
        fields = (
            "venue", "room", "name", "hour_fen", "weekdays", "from_minute", "to_minute", "first_day", "last_day",
            "plan_code", "priority", "active",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("first_day") and data.get("last_day") and data["first_day"] > data["last_day"]:
            self.add_error("last_day", _("The last day is before the first."))
        refuse_foreign_room(self, data)
        return data


class PolicyForm(forms.ModelForm):
    """Lengths and steps must fit the quarter-hour grid and each other."""

    plan_codes = TagsField(
        label=gettext_lazy("only for these plans"), required=False, help_text=gettext_lazy("Codes between commas.")
    )

    class Meta:
        model = BookingPolicy
        fields = (
            "venue", "name", "step_minutes", "min_minutes", "max_minutes", "turnaround_minutes", "min_notice_minutes",
            "max_notice_days", "needs_approval", "hold_minutes", "quota_minutes", "quota_period", "plan_codes",
            "check_in_early_minutes", "no_show_minutes", "no_show_exempt_minutes", "reminder_minutes",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        step, least, most = data.get("step_minutes"), data.get("min_minutes"), data.get("max_minutes")
        if step is not None and (step < 15 or step % 15 or DAY % step):
            self.add_error("step_minutes", _("A multiple of 15 that divides the day, such as 15, 30 or 60."))
        elif step and least is not None and (least < step or least % step):
            self.add_error("min_minutes", _("A multiple of the step, at least one step."))
        if least is not None and most is not None and most < least:
            self.add_error("max_minutes", _("Longer than the shortest booking, please."))
        return data


class RoomForm(forms.ModelForm):
    """Equipment as words, the cap in yuan, parts that make sense."""

    equipment = TagsField(
        label=gettext_lazy("equipment"), required=False, help_text=gettext_lazy("Words between commas.")
    )
    day_cap_fen = YuanField(label=gettext_lazy("price cap per day, yuan"), required=False)

    class Meta:
        model = Room
        fields = (
            "venue", "policy", "name", "seats", "units", "equipment", "description", "parts", "day_cap_fen", "sort",
            "active",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        venue, policy = data.get("venue"), data.get("policy")
        if venue and policy and policy.venue_id != venue.pk:
            self.add_error("policy", _("This policy belongs to another venue."))
        if venue and self.instance.pk and "venue" in self.changed_data:
            self.add_error("venue", _("A room cannot move to another venue; make a new one."))
        if venue and "parts" in data and "units" in data:
            room = Room(pk=self.instance.pk, venue=venue, units=data["units"])
            try:
                services.check_parts(room=room, parts=list(data["parts"]))
            except DomainError as error:
                self.add_error("parts", str(error))
        return data


class PhotoForm(forms.ModelForm):
    """Every picture is encoded again before it is kept."""

    class Meta:
        model = RoomPhoto
        fields = ("image", "caption", "sort")

    def clean_image(self) -> Any:
        upload = self.cleaned_data.get("image")
        if not isinstance(upload, UploadedFile):
            return upload
        upload.seek(0)
        try:
            return services.clean_picture(cast(BinaryIO, upload))
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error


def refuse_foreign_room(form: Any, data: dict[str, Any]) -> None:
    """A rule for one room must be a rule of that room's venue."""
    room, venue = data.get("room"), data.get("venue")
    if room and venue and room.venue_id != venue.pk:
        form.add_error("room", _("This room belongs to another venue."))
