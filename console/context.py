"""What every page of the console has in its context."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest

from core import clock, navigation

PANEL = "panel-body"


def console(request: HttpRequest) -> dict[str, Any]:
    """``layout``, ``now``, ``today``, ``venue``, ``venues``, ``sections`` and what the frame needs."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not hasattr(user, "permission_codes"):
        return {"layout": "console/bare.html", "now": clock.now(), "languages": settings.LANGUAGES}
    venue = getattr(request, "venue", None)
    at = clock.now()
    match = request.resolver_match
    return {
        "layout": "console/panel.html" if request.headers.get("HX-Target") == PANEL else "console/base.html",
        "now": at,
        "today": at.astimezone(ZoneInfo(venue.timezone if venue else settings.CONSOLE_ZONE)).date(),
        "venue": venue,
        "venues": getattr(request, "venues", []),
        "sections": navigation.sections_for(user),
        "current_url_name": match.view_name if match else "",
        "languages": settings.LANGUAGES,
        "clock_offset": clock.offset(),
    }
