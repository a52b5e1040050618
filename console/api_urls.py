"""The members' API, `/api/v1`: no trailing slashes, what is not here is a 404 problem."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from bookings import api as bookings
from console.health import Health, Nowhere
from members import api as members
from orders import api as orders
from venues import api as venues

urlpatterns = [
    path("health", Health.as_view(), name="api-health"),
    path("schema/", SpectacularAPIView.as_view(authentication_classes=[], permission_classes=[]), name="api-schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api-schema", authentication_classes=[], permission_classes=[]),
        name="api-docs",
    ),
    path("sessions", members.Sessions.as_view(), name="api-sessions"),
    path("sessions/current", members.CurrentSession.as_view(), name="api-session"),
    path("me", members.Me.as_view(), name="api-me"),
    path("me/phone", members.Phone.as_view(), name="api-phone"),
    path("me/calendar", bookings.MyCalendar.as_view(), name="api-calendar"),
    path("me/messages", members.Messages.as_view(), name="api-messages"),
    path("me/messages/read", members.MessagesRead.as_view(), name="api-messages-read"),
    path("venues", venues.Venues.as_view(), name="api-venues"),
    path("venues/<str:pk>", venues.VenueDetail.as_view(), name="api-venue"),
    path("rooms", venues.Rooms.as_view(), name="api-rooms"),
    path("rooms/<str:pk>", venues.RoomDetail.as_view(), name="api-room"),
    path("rooms/<str:pk>/availability", bookings.Availability.as_view(), name="api-availability"),
    path("quotes", orders.Quotes.as_view(), name="api-quotes"),
    path("orders", orders.Orders.as_view(), name="api-orders"),
    path("orders/<str:pk>", orders.OneOrder.as_view(), name="api-order"),
    path("orders/<str:pk>/cancel", orders.CancelOrder.as_view(), name="api-order-cancel"),
    path("bookings", bookings.Bookings.as_view(), name="api-bookings"),
    path("bookings/<str:pk>", bookings.OneBooking.as_view(), name="api-booking"),
    path("bookings/<str:pk>/move", bookings.MoveBooking.as_view(), name="api-booking-move"),
    path("bookings/<str:pk>/check-in", bookings.CheckIn.as_view(), name="api-booking-check-in"),
    path("bookings/<str:pk>/end", bookings.End.as_view(), name="api-booking-end"),
    re_path(r"^.*$", Nowhere.as_view(), name="api-nowhere"),
]
