"""The day timeline of a venue."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookings.timeline import day_of
from core import clock
from core.entrances import console_view
from venues.models import Venue

LANES = "lanes"
"""What htmx asks for every few seconds; nothing comes back while nothing has changed."""


@require_safe
@console_view("bookings.view")
def timeline(request: HttpRequest) -> HttpResponse:
    """Rooms down, hours across. Without a chosen venue the first in scope is shown."""
    at = clock.now()
    venue = _venue(request)
    if venue is None:
        return render(request, "bookings/timeline.html", {"shown": None})
    today = at.astimezone(ZoneInfo(venue.timezone)).date()
    day = _day(request.GET.get("day", ""), today)
    shown = day_of(venue=venue, day=day, at=at)
    partial = request.headers.get("HX-Target") == LANES
    if partial and shown.token == request.GET.get("token"):
        return HttpResponse(status=204)
    context = {
        "partial": partial,
        "shown": shown,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "today_here": today,
    }
    answer = render(request, "bookings/_lanes.html" if partial else "bookings/timeline.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def _venue(request: HttpRequest) -> Venue | None:
    venues: list[Venue] = request.venues  # type: ignore[attr-defined]
    chosen: Any = request.venue  # type: ignore[attr-defined]
    return chosen or (venues[0] if venues else None)


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if 2000 <= day.year <= 2100 else today
