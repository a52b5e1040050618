"""Puts the venue that the reader works in on the request."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from venues.models import Venue

SESSION_KEY = "venue"
LIMIT = 200
RECORDS = "/records/"
"""The theme's pages know Django's current zone only; ours name the zone of each instant."""


class VenueMiddleware:
    """``request.venues``: those in scope. ``request.venue``: the chosen one, or None for all.

    ``?venue=<id>`` in an address wins over the choice kept in the session, so that an address
    reproduces its page; staff of a single venue always work in it. Members' requests have none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.venues, request.venue = self._choose(request)  # type: ignore[attr-defined]
        if not request.path.startswith(RECORDS):
            return self.get_response(request)
        zone = request.venue.timezone if request.venue else settings.CONSOLE_ZONE  # type: ignore[attr-defined]
        with timezone.override(zone):
            return self.get_response(request)

    def _choose(self, request: HttpRequest) -> tuple[list[Venue], Venue | None]:
        if request.path.startswith(("/api/", "/static/", "/media/")) or not request.user.is_authenticated:
            return [], None
        venues = list(Venue.objects.visible_to(request.user)[:LIMIT])
        if len(venues) == 1:
            return venues, venues[0]
        wanted: Any = request.GET.get("venue") or request.session.get(SESSION_KEY)
        return venues, next((item for item in venues if str(item.pk) == str(wanted)), None)
