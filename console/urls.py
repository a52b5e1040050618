"""Every address of Atrium. Each app keeps its own; this file says where they hang."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from bookings import calendar
from console import records, views
from venues.views_photos import photo

records.take_over(admin.site)


def _app(prefix: str, module: str) -> list[URLPattern | URLResolver]:
    """The addresses of an app that has a console or an API of its own."""
    return [path(prefix, include(module))] if find_spec(module) else []


urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.find, name="search"),
    path("venue/", views.switch_venue, name="switch_venue"),
    path("language/", views.switch_language, name="switch_language"),
    path("audit/", views.audit, name="audit"),
    path("ledger/", views.ledger, name="ledger"),
    path("ledger/<str:name>/fix/", views.ledger_fix, name="ledger_fix"),
    path("calendar/<str:token>.ics", calendar.feed, name="calendar"),
    path("", include("staff.urls")),
    *_app("timers/", "timers.urls"),
    *_app("members/", "members.urls"),
    *_app("venues/", "venues.urls"),
    *_app("orders/", "orders.urls"),
    *_app("bookings/", "bookings.urls"),
    *_app("api/v1/", "console.api_urls"),
    path("media/rooms/<str:name>", photo, name="room_photo"),
    path("records/login/", RedirectView.as_view(pattern_name="login")),
    path("records/logout/", RedirectView.as_view(pattern_name="profile")),
    path("records/password_change/", RedirectView.as_view(pattern_name="password")),
    path("records/password_change/done/", RedirectView.as_view(pattern_name="profile")),
    path("records/", admin.site.urls),
]

handler400 = "console.refusals.bad_request"
handler403 = "console.refusals.forbidden"
handler404 = "console.refusals.not_found"
handler500 = "console.refusals.broken"
