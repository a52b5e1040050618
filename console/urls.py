"""Every address of Atrium. Each app keeps its own; this file says where they hang."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("console.api_urls")),
    path("records/", admin.site.urls),
]
