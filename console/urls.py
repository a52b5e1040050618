"""Every address of Atrium. Each app keeps its own; this file says where they hang."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from bookings import calendar
from console import records, views
from venues.views_photos import photo

records.take_over(admin.site)


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
    path("timers/", include("timers.urls")),
    path("members/", include("members.urls")),
    path("venues/", include("venues.urls")),
    path("orders/", include("orders.urls")),
    path("bookings/", include("bookings.urls")),
    path("api/v1/", include("console.api_urls")),
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
