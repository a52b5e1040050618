"""Atrium's addresses and the bare views that it is measured against."""

from typing import Any

from django.db import connection
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from console.urls import urlpatterns as product
from members.models import Member


class Bare(APIView):
    """DRF with nothing but DRF."""

    authentication_classes: Any = []
    permission_classes: Any = []


class OneSelect(Bare):
    """One row by its primary key."""

    def get(self, request: Request, pk: int) -> Response:
        return Response(Member.objects.filter(pk=pk).values("id", "nickname", "status").first())


class OneInsert(Bare):
    """One row, committed."""

    def post(self, request: Request) -> Response:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_row (text) VALUES (%s)", [str(request.data["text"])])
            return Response({"id": cursor.lastrowid}, status=201)


urlpatterns = [
    path("api/bench/select/<int:pk>", OneSelect.as_view()),
    path("api/bench/insert", OneInsert.as_view()),
    *product,
]
