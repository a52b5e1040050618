"""The forms of the desk."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.listing import Wanted
from bookings.models import Booking
from venues.models import Room

DAY = {"type": "date"}
LOCAL = forms.DateTimeInput(attrs={"type": "datetime-local", "step": 900}, format="%Y-%m-%dT%H:%M")


def from_wall(value: datetime, zone: ZoneInfo) -> datetime:
    """What a form's wall-clock time means in the venue's zone, as an instant."""
    return value.replace(tzinfo=zone).astimezone(UTC)


class ListForm(forms.Form):
    """Filters of the list; an address carries them."""

    q = forms.CharField(
        label=_("Search"), required=False, max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Code, order, name, last four digits")}),
    )  # fmt: skip
    status = forms.ChoiceField(label=_("State"), required=False)
    room = forms.ModelChoiceField(Room.objects.none(), label=_("Room"), required=False, empty_label=_("All rooms"))
    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))

    def __init__(self, *args: Any, by: Any, venue: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rooms = Room.objects.visible_to(by)
        self.fields["room"].queryset = rooms.filter(venue=venue) if venue else rooms  # type: ignore[attr-defined]
        states = [("", _("All states")), *Booking.Status.choices]
        self.fields["status"].choices = states  # type: ignore[attr-defined]
        self.venue = venue

    def wanted(self) -> Wanted | None:
        """What was asked for; None where a filter makes no sense."""
        if not self.is_valid():
            return None
        data = self.cleaned_data
        text = data["q"].replace("\x00", "").strip()
        room = data["room"].pk if data["room"] else None
        return Wanted(self.venue, data["status"], room, data["day"], text)


class ReasonForm(forms.Form):
    """Why something is refused."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class CancelForm(forms.Form):
    """Why, and for those who may: everything back."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
    everything = forms.BooleanField(label=_("Refund everything, whatever the policy keeps"), required=False)
    scope = forms.ChoiceField(
        label=_("Which of the series"), required=False,
        choices=[("this", _("only this one")), ("following", _("this and the following")), ("all", _("all to come"))],
    )  # fmt: skip

    def __init__(self, *args: Any, booking: Booking, may_refund: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_refund:
            del self.fields["everything"]
        if booking.series_id is None:
            del self.fields["scope"]


class MoveForm(forms.Form):
    """Another room or time, by the venue's clock."""

    room = forms.ModelChoiceField(Room.objects.none(), label=_("Room"))
    starts = forms.DateTimeField(label=_("From"), widget=LOCAL)
    ends = forms.DateTimeField(label=_("Until"), widget=LOCAL)
    price_kept = forms.BooleanField(label=_("Keep the price"), required=False)

    def __init__(self, *args: Any, booking: Booking, **kwargs: Any) -> None:
        self.zone = ZoneInfo(booking.venue.timezone)
        start, end = booking.starts_at.astimezone(self.zone), booking.ends_at.astimezone(self.zone)
        now = {"room": booking.room_id, "starts": start.replace(tzinfo=None), "ends": end.replace(tzinfo=None)}
        kwargs["initial"] = now
        super().__init__(*args, **kwargs)
        rooms = Room.objects.filter(venue=booking.venue_id, active=True)
        self.fields["room"].queryset = rooms  # type: ignore[attr-defined]

    def clean_starts(self) -> datetime:
        return from_wall(self.cleaned_data["starts"], self.zone)

    def clean_ends(self) -> datetime:
        return from_wall(self.cleaned_data["ends"], self.zone)
