"""The form by which the desk books for a member or a walk-in."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.console_forms import LOCAL, from_wall
from bookings.rules import MOST_OCCURRENCES, Repeat
from bookings.services import RoomWish
from core import masking
from core.errors import DomainError
from members.models import Member
from orders.listing import members_like
from orders.models import Payment
from orders.registry import Buyer
from venues.models import Room
from venues.rules import slot_instant, slot_of

MOST_FOUND = 8
USUAL_SLOTS = 4
OF_ERRORS = {"starts_at": "starts", "ends_at": "ends", "room": "room", "attendees": "attendees", "repeat": "freq"}
"""The last part of a domain error's field → the field of this form."""


class BookForm(forms.Form):
    """When, where, for whom, how often, and whether it is paid now."""

    room = forms.ModelChoiceField(Room.objects.none(), label=_("Room"))
    starts = forms.DateTimeField(label=_("From"), widget=LOCAL)
    ends = forms.DateTimeField(label=_("Until"), widget=LOCAL)
    attendees = forms.IntegerField(label=_("Attendees"), min_value=1, max_value=10000, initial=1)
    who = forms.CharField(
        label=_("Member"), required=False, max_length=60,
        help_text=_("Name or the last four digits of the phone. Leave it empty for a walk-in."),
    )  # fmt: skip
    member = forms.ModelChoiceField(Member.objects.all(), required=False, widget=forms.HiddenInput)
    guest_name = forms.CharField(label=_("Walk-in’s name"), required=False, max_length=60)
    guest_phone = forms.CharField(label=_("Walk-in’s phone"), required=False, max_length=20)
    freq = forms.ChoiceField(
        label=_("Repeat"), required=False,
        choices=[("", _("once")), ("daily", _("every day")), ("weekly", _("every week"))],
    )  # fmt: skip
    count = forms.IntegerField(label=_("How many times"), required=False, min_value=2, max_value=MOST_OCCURRENCES)
    skip_conflicts = forms.BooleanField(label=_("Leave out days that are taken"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=500)
    method = forms.ChoiceField(label=_("Payment"), required=False)
    reference = forms.CharField(label=_("Payment reference"), required=False, max_length=60)

    def __init__(self, *args: Any, user: Any, venue: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rooms = Room.objects.visible_to(user).filter(active=True, venue__active=True).select_related("venue")
        field: Any = self.fields["room"]
        field.queryset = rooms.filter(venue=venue) if venue else rooms
        field.label_from_instance = str if venue else (lambda room: f"{room.venue.name} · {room.name}")
        methods = [("", _("later")), *Payment.Method.choices]
        payment: Any = self.fields["method"]
        payment.choices = methods if user.has_perm("orders.take_payment") else methods[:1]
        self.user = user

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("room"):
            zone = ZoneInfo(data["room"].venue.timezone)
            for name in ("starts", "ends"):
                if data.get(name):
                    data[name] = from_wall(data[name], zone)
        if data.get("freq") and not data.get("count"):
            self.add_error("count", _("How many times?"))
        return data

    def check_who(self) -> None:
        """A booking needs somebody: one member, or a walk-in's name; a payment may need its reference."""
        data = self.cleaned_data
        if not data.get("member") and not data.get("guest_name"):
            self.add_error("who" if data.get("who") else "guest_name", _("Choose a member, or name the walk-in."))
        if data.get("method") in (Payment.Method.CARD, Payment.Method.TRANSFER) and not data.get("reference"):
            self.add_error("reference", _("A transfer or a card payment needs its reference."))

    def wish(self) -> RoomWish:
        """What is wanted, for the services."""
        data = self.cleaned_data
        repeat = Repeat(data["freq"], data["count"], data["skip_conflicts"]) if data["freq"] else None
        return RoomWish(data["room"].pk, data["starts"], data["ends"], data["attendees"], repeat)

    def buyer(self) -> Buyer:
        """For whom."""
        data = self.cleaned_data
        if data["member"]:
            return Buyer(member=data["member"], staff=self.user)
        return Buyer(guest_name=data["guest_name"], guest_phone=data["guest_phone"], staff=self.user)

    def refuse(self, error: DomainError) -> None:
        """Put a refusal beside the field it speaks of."""
        name = OF_ERRORS.get((error.field or "").rpartition(".")[2])
        self.add_error(name if name in self.fields else None, str(error))


def found_members(text: str) -> list[tuple[int, str]]:
    """Members by name or last four digits, masked; the most recent first."""
    if not text.strip():
        return []
    rows = Member.objects.filter(pk__in=members_like(text.strip()), status=Member.Status.ACTIVE).order_by("-pk")
    return [
        (pk, f"{masking.name(name)} {masking.phone(phone)}".strip())
        for pk, name, phone in rows.values_list("pk", "nickname", "phone")[:MOST_FOUND]
    ]


def suggested(room: Room | None, first: int | None, until: int | None, at: datetime) -> dict[str, Any]:
    """Where the form starts: the stretch that was clicked, or the quarter-hour that runs; an hour long."""
    start = first if first is not None else slot_of(at)
    end = min(start + USUAL_SLOTS, until) if until is not None and until > start else start + USUAL_SLOTS
    zone = ZoneInfo(room.venue.timezone) if room else UTC
    shown = [slot_instant(slot).astimezone(zone).replace(tzinfo=None) for slot in (start, end)]
    return {"room": room.pk if room else None, "starts": shown[0], "ends": shown[1]}
