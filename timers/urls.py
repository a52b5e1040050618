"""Addresses of the timers page and its buttons."""

from django.urls import path

from timers import views

app_name = "timers"
urlpatterns = [
    path("", views.timers, name="list"),
    path("<int:pk>/fire/", views.fire, name="fire"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/redrive/", views.redrive, name="redrive"),
    path("outbox/<int:pk>/resend/", views.resend, name="resend"),
]
