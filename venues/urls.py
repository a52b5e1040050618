"""Venues in the console."""

from django.urls import path

from venues import views_imports

app_name = "venues"
urlpatterns = [
    path("import/<slug:name>/", views_imports.import_, name="import"),
]
