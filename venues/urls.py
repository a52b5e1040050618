"""Venues and rooms in the console."""

from django.urls import path

from venues import views, views_imports

app_name = "venues"
urlpatterns = [
    path("", views.index, name="list"),
    path("import/<slug:name>/", views_imports.import_, name="import"),
    path("<int:pk>/", views.venue, name="venue"),
    path("<int:pk>/calendar/", views.calendar, name="calendar"),
    path("rooms/<int:pk>/", views.room, name="room"),
    path("rooms/<int:pk>/prices/", views.prices, name="prices"),
]
