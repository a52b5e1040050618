"""Log-in, one's own account, staff and roles."""

from django.urls import include, path

from staff import views
from staff.views import account, people

_staff = [
    path("", people.index, name="people"),
    path("invite/", people.invite, name="invite"),
    path("invitations/<int:pk>/revoke/", people.revoke, name="revoke"),
    path("roles/", people.roles, name="roles"),
    path("roles/new/", people.role, name="role_new"),
    path("roles/<int:pk>/", people.role, name="role"),
    path("roles/<int:pk>/delete/", people.role_delete, name="role_delete"),
    path("<int:pk>/", people.person, name="person"),
    path("<int:pk>/access/", people.access, name="access"),
    path("<int:pk>/<slug:action>/", people.act, name="act"),
]

urlpatterns = [
    path("login/", views.log_in, name="login"),
    path("login/second-factor/", views.second_factor, name="second_factor"),
    path("logout/", views.log_out, name="logout"),
    path("invitation/<str:token>/", views.accept, name="accept_invitation"),
    path("account/", account.profile, name="profile"),
    path("account/password/", account.password, name="password"),
    path("account/second-factor/", account.enrol_factor, name="enrol_factor"),
    path("account/second-factor/remove/", account.remove_factor, name="remove_factor"),
    path("account/second-factor/codes/", account.backup_codes, name="backup_codes"),
    path("account/sessions/end/", account.end_sessions, name="end_sessions"),
    path("staff/", include((_staff, "staff"))),
]
