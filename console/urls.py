"""Every address of Atrium. Each app keeps its own; this file says where they hang."""

from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("records/", admin.site.urls),
]
