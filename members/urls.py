"""Members in the console."""

from django.urls import path

from members import views

app_name = "members"
urlpatterns = [
    path("", views.index, name="list"),
    path("import/", views.import_, name="import"),
    path("export.csv", views.export, name="export"),
    path("<int:pk>/", views.member, name="member"),
    path("<int:pk>/reveal/", views.reveal, name="reveal"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/block/", views.block, name="block"),
    path("<int:pk>/unblock/", views.unblock, name="unblock"),
    path("<int:pk>/sessions/<int:session>/end/", views.end_session, name="end_session"),
]
