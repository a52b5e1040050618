"""Venues and rooms in the console: what they are, what they cost, when they are shut."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core import clock
from core.entrances import console_view
from venues import preview, queries
from venues.fields import WEEKDAYS
from venues.models import BookingPolicy, Room, Venue
from venues.preview import TryOut
from venues.rules.clock_face import show_minute
from venues.rules.offers import from_price
from venues.rules.slots import local_date

YEARS_AROUND = 3


@require_safe
@console_view("venues.view")
def index(request: HttpRequest) -> HttpResponse:
    """The venues in scope with their rooms."""
    chosen = request.venue  # type: ignore[attr-defined]
    venues = [chosen] if chosen else request.venues  # type: ignore[attr-defined]
    rooms = list(Room.objects.visible_to(request.user).filter(venue__in=venues).select_related("policy", "venue"))
    rules = queries.rules_of_many(room_ids=[room.pk for room in rooms])
    shown = [
        {"venue": venue, "rooms": [(room, from_price(rules[room.pk])) for room in rooms if room.venue_id == venue.pk]}
        for venue in venues
    ]
    return render(request, "venues/list.html", {"shown": shown, "count": len(rooms)})


@require_safe
@console_view("venues.view")
def venue(request: HttpRequest, pk: int) -> HttpResponse:
    """One venue: facts, opening hours, policies with their tiers."""
    found = get_object_or_404(Venue.objects.visible_to(request.user), pk=pk)
    hours = [
        (WEEKDAYS[row.weekday][1], show_minute(row.opens_minute), show_minute(row.closes_minute))
        for row in found.hours.filter(room=None).order_by("weekday", "opens_minute")
    ]
    policies = BookingPolicy.objects.filter(venue=found).prefetch_related("tiers", "rooms")
    return render(request, "venues/venue.html", {"subject": found, "hours": hours, "policies": policies})


@require_safe
@console_view("venues.view")
def room(request: HttpRequest, pk: int) -> HttpResponse:
    """One room, and a try-out: what a time costs, or why it is refused."""
    rows = Room.objects.visible_to(request.user).select_related("venue", "policy").prefetch_related("photos", "parts")
    found = get_object_or_404(rows, pk=pk)
    rules, at = queries.room_rules(room_id=found.pk), clock.now()
    asked = "day" in request.GET
    form = TryOut(request.GET if asked else None, initial=_evening(found, at))
    answer = preview.answer(rules, form.cleaned_data, at) if asked and form.is_valid() else None
    context = {"subject": found, "form": form, "answer": answer, "from_price": from_price(rules)}
    return render(request, "venues/room.html", context)


@require_safe
@console_view("venues.view")
def prices(request: HttpRequest, pk: int) -> HttpResponse:
    """A week of a room's prices, hour by hour, and the rules behind them."""
    found = get_object_or_404(Room.objects.visible_to(request.user).select_related("venue"), pk=pk)
    rules = queries.room_rules(room_id=found.pk)
    today = local_date(rules.zone, clock.now())
    day = _date(request.GET.get("week", ""), today)
    monday = day - timedelta(days=day.weekday())
    context = {
        "subject": found,
        "days": [monday + timedelta(days=n) for n in range(7)],
        "rows": preview.week_of(rules, monday),
        "lines": sorted(rules.prices, key=lambda line: line.rank, reverse=True),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
    }
    return render(request, "venues/prices.html", context)


@require_safe
@console_view("venues.view")
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """A year of a venue: public holidays, make-up workdays, closures."""
    found = get_object_or_404(Venue.objects.visible_to(request.user), pk=pk)
    this = local_date(ZoneInfo(found.timezone), clock.now()).year
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and abs(int(asked[:6]) - this) <= YEARS_AROUND else this
    days, published = preview.year_of(found, year)
    context = {
        "subject": found,
        "year": year,
        "years": range(this - 1, this + YEARS_AROUND),
        "months": _by_month(days),
        "published": published,
    }
    return render(request, "venues/calendar.html", context)


def _by_month(days: list[preview.SpecialDay]) -> list[tuple[date, list[preview.SpecialDay]]]:
    months: dict[date, list[preview.SpecialDay]] = {}
    for item in days:
        months.setdefault(item.day.replace(day=1), []).append(item)
    return list(months.items())


def _evening(room: Room, at: Any) -> dict[str, Any]:
    """The example a try-out starts with: next Tuesday, 18:00–20:00."""
    today = local_date(ZoneInfo(room.venue.timezone), at)
    tuesday = today + timedelta(days=(1 - today.weekday()) % 7 or 7)
    return {"day": tuesday.isoformat(), "start": 1080, "end": 1200, "people": 1, "plan": ""}


def _date(text: str, otherwise: date) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return found if abs((found - otherwise).days) < 1500 else otherwise
