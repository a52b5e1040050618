"""`GET /health`: whether the parts that Atrium needs are there."""

from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404
from django_redis import get_redis_connection
from drf_spectacular.utils import extend_schema
from kombu import Connection
from kombu.exceptions import KombuError
from redis.exceptions import RedisError
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import problems


class HealthShape(serializers.Serializer[Any]):
    status = serializers.CharField()


class Health(APIView):
    """Unsigned: `{"status": "ok"}`, or 503 that names what is away."""

    authentication_classes = []
    permission_classes = []
    http_method_names = ["get", "head"]

    @extend_schema(responses=HealthShape, auth=[])
    def get(self, request: Request) -> Any:
        away = [name for name, check in CHECKS.items() if not check()]
        if away:
            detail = ", ".join(away)
            return problems.response(problems.problem(503, "unavailable", detail, extra={"away": away}))
        return Response({"status": "ok"})


@extend_schema(exclude=True)
class Nowhere(APIView):
    """What the API does not have, in the API's own words."""

    authentication_classes = []
    permission_classes = []
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connection.close()
        return False
    return True


def _cache() -> bool:
    try:
        return bool(get_redis_connection("default").ping())
    except RedisError:
        return False


def _broker() -> bool:
    try:
        with Connection(
            settings.BROKER_URL, connect_timeout=2, transport_options={"socket_connect_timeout": 2}
        ) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (OSError, KombuError, RedisError):
        return False
    return True


CHECKS = {"database": _database, "cache": _cache, "broker": _broker}
