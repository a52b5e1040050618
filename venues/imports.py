"""Venues and rooms from a CSV file: the columns, and what only the database knows about a row."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.imports import Column, Row, Sheet, read
from venues.fields import MinuteField, TagsField, YuanField
from venues.models import BookingPolicy, Room, Venue

_YES = ("1", "y", "yes", "true", "是", "x")
_NO = ("", "0", "n", "no", "false", "否")


class YesNoField(forms.CharField):
    """``yes`` and ``no`` in several spellings, 是 and 否; empty gives ``empty``."""

    def __init__(self, *, empty: bool) -> None:
        super().__init__(required=False, max_length=5)
        self.empty = empty

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).casefold()
        if text not in _YES + _NO:
            raise forms.ValidationError(_("Write yes or no."))
        return text in _YES if text else self.empty


class ZoneField(forms.CharField):
    """The name of a time zone."""

    def clean(self, value: Any) -> Any:
        zone = str(super().clean(value))
        if zone not in available_timezones():
            raise forms.ValidationError(_("Not a time zone; write one such as Asia/Shanghai."))
        return zone


def venue_columns() -> list[Column]:
    """What a file of venues may hold."""
    holidays = forms.ChoiceField(choices=Venue.Holidays.choices, required=False)
    return [
        Column("name", gettext_lazy("Name"), forms.CharField(max_length=80)),
        Column("slug", gettext_lazy("Short name"), forms.SlugField(max_length=40)),
        Column("timezone", gettext_lazy("Time zone"), ZoneField(max_length=40)),
        Column("address", gettext_lazy("Address"), forms.CharField(max_length=200, required=False)),
        Column("latitude", gettext_lazy("Latitude"), _degrees(90)),
        Column("longitude", gettext_lazy("Longitude"), _degrees(180)),
        Column("phone", gettext_lazy("Phone"), forms.CharField(max_length=30, required=False)),
        Column("notice", gettext_lazy("Notice to guests"), forms.CharField(max_length=2000, required=False)),
        Column("holidays", gettext_lazy("Public holidays"), holidays),
        Column("closed_on_holidays", gettext_lazy("Closed on public holidays"), YesNoField(empty=False)),
        Column("opens", gettext_lazy("Opens every day"), MinuteField(required=False)),
        Column("closes", gettext_lazy("Closes every day"), MinuteField(required=False)),
    ]


def _degrees(most: int) -> forms.DecimalField:
    return forms.DecimalField(min_value=-most, max_value=most, required=False, max_digits=9, decimal_places=6)


def _count() -> forms.IntegerField:
    return forms.IntegerField(min_value=1, max_value=10000, required=False)


def room_columns(user: Any) -> list[Column]:
    """What a file of rooms may hold; only venues in the reader's scope."""
    venues = forms.ModelChoiceField(Venue.objects.visible_to(user), to_field_name="slug")
    return [
        Column("venue", gettext_lazy("Venue (short name)"), venues),
        Column("name", gettext_lazy("Name"), forms.CharField(max_length=80)),
        Column("policy", gettext_lazy("Booking policy"), forms.CharField(max_length=80, required=False)),
        Column("seats", gettext_lazy("Seats"), _count()),
        Column("units", gettext_lazy("Units"), _count()),
        Column("equipment", gettext_lazy("Equipment"), TagsField(required=False)),
        Column("description", gettext_lazy("Description"), forms.CharField(max_length=2000, required=False)),
        Column("parts", gettext_lazy("Parts"), TagsField(required=False)),
        Column("day_cap", gettext_lazy("Price cap per day, yuan"), YuanField(required=False)),
        Column("active", gettext_lazy("Bookable"), YesNoField(empty=True)),
    ]


def read_venues(text: str) -> Sheet:
    """A file of venues with every error in its place; names and short names must be new."""
    sheet = read(text, venue_columns())
    for name in ("name", "slug"):
        sheet.refuse_repeats(name)
        given = [row.values[name] for row in sheet.rows if name in row.values]
        taken = set(Venue.objects.filter(**{f"{name}__in": given}).values_list(name, flat=True))
        for row in sheet.rows:
            if row.values.get(name) in taken:
                row.refuse(name, _("There is a venue of this name already."))
    for row in sheet.rows:
        _judge_hours(row)
    return sheet


def read_rooms(text: str, user: Any) -> Sheet:
    """A file of rooms with every error in its place; parts may be rooms of the same file."""
    sheet = read(text, room_columns(user))
    ids = {row.values["venue"].pk for row in sheet.rows if row.values.get("venue")}
    policies: dict[int, dict[str, BookingPolicy]] = {}
    for policy in BookingPolicy.objects.filter(venue__in=ids).order_by("pk"):
        policies.setdefault(policy.venue_id, {})[policy.name] = policy
    known = {(room.venue_id, room.name): room for room in Room.objects.filter(venue__in=ids).prefetch_related("parts")}
    mine: dict[tuple[int, str], Row] = {}
    for row in sheet.rows:
        if row.values.get("venue") and row.values.get("name"):
            _judge_room(row, policies.get(row.values["venue"].pk, {}), known, mine)
    for key, row in mine.items():
        if row.values.get("parts"):
            _judge_parts(row, key, known, mine)
    return sheet


def _judge_hours(row: Row) -> None:
    opens, closes = row.values.get("opens"), row.values.get("closes")
    if (opens is None) != (closes is None) and not {"opens", "closes"} & set(row.errors):
        row.refuse("closes", _("Give both times, or neither."))
    elif opens is not None and closes is not None and opens >= closes:
        row.refuse("closes", _("Must be later than the start."))


def _judge_room(
    row: Row,
    policies: Mapping[str, BookingPolicy],
    known: Mapping[tuple[int, str], Room],
    mine: dict[tuple[int, str], Row],
) -> None:
    key = (row.values["venue"].pk, row.values["name"])
    wanted = row.values.get("policy")
    found = policies.get(str(wanted)) if wanted else next(iter(policies.values()), None)
    if found is None:
        text = _("This venue has no such policy.") if wanted else _("This venue has no policy yet; make one first.")
        row.refuse("policy", text)
    row.values["policy"] = found
    if key in known:
        row.refuse("name", _("This venue has a room of this name already."))
    elif key in mine:
        row.refuse("name", _("The same as in line %d.") % mine[key].number)
    else:
        mine[key] = row


def _judge_parts(
    row: Row, key: tuple[int, str], known: Mapping[tuple[int, str], Room], mine: Mapping[tuple[int, str], Row]
) -> None:
    keys = [(key[0], name) for name in row.values["parts"]]
    missing = [name for (_venue, name) in keys if (key[0], name) not in known and (key[0], name) not in mine]
    if missing:
        row.refuse("parts", _("No such room in this venue: %s") % ", ".join(missing))
    elif key in keys:
        row.refuse("parts", _("A room cannot be a part of itself."))
    elif len(keys) < 2:
        row.refuse("parts", _("A divisible room has at least two parts."))
    elif any(_units(item, known, mine) != 1 for item in (key, *keys)):
        row.refuse("parts", _("A pool of several units cannot be divided or be a part."))
    elif any(_is_whole(item, known, mine) for item in keys):
        row.refuse("parts", _("A part cannot be divided itself."))


def _units(key: tuple[int, str], known: Mapping[tuple[int, str], Room], mine: Mapping[tuple[int, str], Row]) -> int:
    return known[key].units if key in known else mine[key].values.get("units") or 1


def _is_whole(key: tuple[int, str], known: Mapping[tuple[int, str], Room], mine: Mapping[tuple[int, str], Row]) -> bool:
    return bool(known[key].parts.all()) if key in known else bool(mine[key].values.get("parts"))
