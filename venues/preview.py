"""What the console shows of the rules: a try-out, a week of prices, a year of special days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.money import show
from venues.fields import MinuteField
from venues.models import Closure, HolidayOverride, Venue
from venues.rules import RoomRules, day_slots, explain, price, slot_of, why_text
from venues.rules.bundle import Shut
from venues.rules.clock_face import show_minute
from venues.rules.closures import covers
from venues.rules.holidays import DayKind, Kind, day_kind
from venues.rules.slots import wall_instant

RULES = {
    "order": _("The end comes after the start"),
    "grid": _("On the step of the policy"),
    "people": _("Enough seats"),
    "shortest": _("Long enough"),
    "longest": _("Not too long"),
    "soon": _("Enough notice"),
    "late": _("Not too far ahead"),
    "plan": _("The guest's plan may book it"),
    "open": _("Open and not closed"),
}


class TryOut(forms.Form):
    """A wish by the venue's wall clock; ``until`` before ``from`` means the next day."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    start = MinuteField(label=_("from"), widget=forms.TextInput(attrs={"placeholder": "18:00"}))
    end = MinuteField(label=_("until"), widget=forms.TextInput(attrs={"placeholder": "20:00"}))
    people = forms.IntegerField(label=_("people"), min_value=1, max_value=100_000, initial=1)
    plan = forms.CharField(label=_("plan"), max_length=40, required=False)


@dataclass(frozen=True)
class Answer:
    """What a wish would cost and which rules refuse it."""

    starts_at: datetime
    ends_at: datetime
    total_fen: int
    why: list[str]
    rules: list[dict[str, Any]]
    hours: str

    @property
    def allowed(self) -> bool:
        """Whether a guest could book it, other bookings aside."""
        return all(item["ok"] for item in self.rules)


def answer(rules: RoomRules, wish: dict[str, Any], at: datetime) -> Answer:
    """Try a validated `TryOut` on a room."""
    following = wish["day"] + timedelta(days=wish["end"] <= wish["start"])
    starts_at = wall_instant(rules.zone, wish["day"], wish["start"])
    ends_at = wall_instant(rules.zone, following, wish["end"])
    found = price(rules, starts_at, ends_at, wish["plan"])
    checks = explain(rules, starts_at, ends_at, at, plan_code=wish["plan"], attendees=wish["people"])
    hours = f"{show_minute(wish['start'])}–{show_minute(wish['end'])}"
    rows = [{**item, "label": RULES[item["rule"]]} for item in checks]
    return Answer(starts_at, ends_at, found.amount_fen, [why_text(item) for item in found.why], rows, hours)


def week_of(rules: RoomRules, monday: date) -> list[dict[str, Any]]:
    """A row per hour with a cell per day: the price of that hour, or closed."""
    days = [monday + timedelta(days=n) for n in range(7)]
    hours = [[_cell(rules, day, hour) for day in days] for hour in range(24)]
    used = [hour for hour, cells in enumerate(hours) if any(cell["text"] for cell in cells)]
    shown = range(used[0], used[-1] + 1) if used else []
    return [{"time": show_minute(hour * 60), "cells": hours[hour]} for hour in shown]


def _cell(rules: RoomRules, day: date, hour: int) -> dict[str, str]:
    starts_at = wall_instant(rules.zone, day, hour * 60)
    first = slot_of(starts_at)
    if not any(start < first + 4 and first < end for start, end in day_slots(rules, day)):
        return {"text": "", "why": ""}
    found = price(rules, starts_at, starts_at + timedelta(hours=1))
    return {"text": show(found.amount_fen), "why": "; ".join(why_text(item) for item in found.why)}


@dataclass(frozen=True)
class SpecialDay:
    """A day that differs: ``tone`` is one of core.tones."""

    day: date
    text: str
    label: Any
    tone: str


def year_of(venue: Venue, year: int) -> tuple[list[SpecialDay], bool]:
    """Holidays, make-up workdays and closures of a year, and whether the official list is out."""
    overrides = {o.day: (o.workday, o.name) for o in HolidayOverride.objects.filter(country=venue.holidays)}
    closures = list(Closure.objects.filter(venue=venue).select_related("room"))
    found: list[SpecialDay] = []
    published = True
    for number in range(366):
        day = date(year, 1, 1) + timedelta(days=number)
        if day.year != year:
            break
        kind = day_kind(venue.holidays, day, overrides)
        published = published and kind.kind is not Kind.UNPUBLISHED
        found += _holiday(day, kind, venue.closed_on_holidays)
        found += [_closed(day, closure) for closure in closures if covers(_shut(closure), day)]
    return found, published


def _holiday(day: date, kind: DayKind, closed: bool) -> list[SpecialDay]:
    if kind.kind is Kind.HOLIDAY:
        label = _("public holiday, closed") if closed else _("public holiday, open")
        return [SpecialDay(day, kind.name, label, "bad" if closed else "info")]
    if kind.kind is Kind.MAKE_UP:
        return [SpecialDay(day, kind.name, _("make-up workday, Monday's hours"), "info")]
    return []


def _closed(day: date, closure: Closure) -> SpecialDay:
    where = f"{closure.room.name}: " if closure.room else ""
    span = "" if _whole(closure) else f" {show_minute(closure.from_minute)}–{show_minute(closure.to_minute)}"
    label = _("closure, every year") if closure.annual else _("closure")
    return SpecialDay(day, f"{where}{closure.message}{span}", label, "warn")


def _whole(closure: Closure) -> bool:
    return closure.from_minute == 0 and closure.to_minute == 1440


def _shut(closure: Closure) -> Shut:
    return Shut(
        closure.first_day, closure.last_day, closure.from_minute, closure.to_minute, closure.annual, closure.message
    )
