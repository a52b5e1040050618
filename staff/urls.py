"""Log-in, one's own account, staff and roles."""

from django.urls import path

from staff import views

urlpatterns = [
    path("login/", views.log_in, name="login"),
    path("logout/", views.log_out, name="logout"),
    path("account/", views.profile, name="profile"),
]
