"""Bookings in the console."""

from django.urls import path

from bookings.views import booking, cards, lists, timelines

app_name = "bookings"
urlpatterns = [
    path("", lists.index, name="list"),
    path("export.csv", lists.export, name="export"),
    path("timeline/", timelines.timeline, name="timeline"),
    path("book/", booking.book, name="book"),
    path("book/price/", booking.price, name="price"),
    path("book/people/", booking.people, name="people"),
    path("strikes/<int:pk>/waive/", cards.waive, name="waive"),
    path("<int:pk>/", cards.booking, name="booking"),
    path("<int:pk>/<slug:action>/", cards.act, name="act"),
]
