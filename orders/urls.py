"""Orders in the console."""

from django.urls import path

from orders import views

app_name = "orders"
urlpatterns = [
    path("", views.index, name="list"),
    path("export.csv", views.export, name="export"),
    path("<int:pk>/", views.order, name="order"),
    path("<int:pk>/<slug:action>/", views.act, name="act"),
    path("refunds/<int:pk>/hand-out/", views.hand_out, name="hand_out"),
]
