"""Bookings in the console."""

from django.urls import path

from bookings.views import cards, lists

app_name = "bookings"
urlpatterns = [
    path("", lists.index, name="list"),
    path("export.csv", lists.export, name="export"),
    path("<int:pk>/", cards.booking, name="booking"),
    path("<int:pk>/<slug:action>/", cards.act, name="act"),
]
