"""Venues and rooms as members see them. The log-in is the default of the settings: signed sessions."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api_fields import FenField, IdField, parse_id
from core.paging import CursorPage
from venues import queries
from venues.models import Room, Venue
from venues.rules.bundle import RoomRules
from venues.rules.clock_face import show_minute
from venues.rules.offers import from_price


class HoursShape(serializers.Serializer[Any]):
    """A stretch of a weekday (0 = Monday) by the venue's wall clock; ``closes`` may be 24:00."""

    weekday = serializers.IntegerField(min_value=0, max_value=6)
    opens = serializers.RegexField(r"^\d\d:\d\d$")
    closes = serializers.RegexField(r"^\d\d:\d\d$")


class VenueShape(serializers.Serializer[Any]):
    id = IdField()
    name = serializers.CharField()
    address = serializers.CharField()
    timezone = serializers.CharField()
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    opening_hours = HoursShape(many=True)
    notice = serializers.CharField()


class RoomShape(serializers.Serializer[Any]):
    id = IdField()
    venue = IdField()
    name = serializers.CharField()
    seats = serializers.IntegerField(min_value=1)
    units = serializers.IntegerField(min_value=1)
    equipment = serializers.ListField(child=serializers.CharField())
    photos = serializers.ListField(child=serializers.URLField())
    step_minutes = serializers.IntegerField(min_value=15)
    min_minutes = serializers.IntegerField(min_value=1)
    max_minutes = serializers.IntegerField(min_value=1)
    from_price_fen = FenField()


class RoomFilter(serializers.Serializer[Any]):
    """What a list of rooms may be narrowed by; ``equipment`` is a comma-separated list, all wanted."""

    venue = IdField(required=False)
    seats = serializers.IntegerField(required=False, min_value=1, max_value=100_000)
    equipment = serializers.CharField(required=False, max_length=200, allow_blank=True)
    q = serializers.CharField(required=False, max_length=80, allow_blank=True)


class ById(CursorPage):
    ordering = "id"


def show_venue(venue: Venue) -> dict[str, Any]:
    """A venue with its own opening hours (``hours`` prefetched)."""
    hours = sorted((h for h in venue.hours.all() if h.room_id is None), key=lambda h: (h.weekday, h.opens_minute))
    return {
        "id": str(venue.pk),
        "name": venue.name,
        "address": venue.address,
        "timezone": venue.timezone,
        "latitude": None if venue.latitude is None else float(venue.latitude),
        "longitude": None if venue.longitude is None else float(venue.longitude),
        "opening_hours": [
            {"weekday": h.weekday, "opens": show_minute(h.opens_minute), "closes": show_minute(h.closes_minute)}
            for h in hours
        ],
        "notice": venue.notice,
    }


def show_room(room: Room, rules: RoomRules) -> dict[str, Any]:
    """A room with its policy's limits and its lowest price per hour (``photos`` prefetched)."""
    return {
        "id": str(room.pk),
        "venue": str(room.venue_id),
        "name": room.name,
        "seats": room.seats,
        "units": room.units,
        "equipment": list(room.equipment),
        "photos": [settings.PUBLIC_URL + photo.image.url for photo in room.photos.all()],
        "step_minutes": rules.policy.step_minutes,
        "min_minutes": rules.policy.min_minutes,
        "max_minutes": rules.policy.max_minutes,
        "from_price_fen": from_price(rules),
    }


def _page(view: APIView, request: Request, rows: QuerySet[Any], show: Callable[[list[Any]], list[Any]]) -> Response:
    pager = ById()
    found = pager.paginate_queryset(rows, request, view=view) or []
    return pager.get_paginated_response(show(found))


def _one(rows: QuerySet[Any], text: str) -> Any:
    pk = parse_id(text)
    found = rows.filter(pk=pk).first() if pk else None
    if found is None:
        raise Http404
    return found


def _open_venues() -> QuerySet[Venue]:
    return Venue.objects.filter(active=True).prefetch_related("hours")


def _open_rooms() -> QuerySet[Room]:
    return Room.objects.filter(active=True, venue__active=True).prefetch_related("photos")


class Venues(APIView):
    """Venues that are open for business."""

    @extend_schema(operation_id="venues_list", responses=VenueShape(many=True))
    def get(self, request: Request) -> Response:
        return _page(self, request, _open_venues(), lambda rows: [show_venue(row) for row in rows])


class VenueDetail(APIView):
    """One venue."""

    @extend_schema(operation_id="venues_one", responses=VenueShape)
    def get(self, request: Request, pk: str) -> Response:
        return Response(show_venue(_one(_open_venues(), pk)))


class Rooms(APIView):
    """Bookable rooms, narrowed by venue, seats, equipment and words."""

    @extend_schema(
        operation_id="rooms_list",
        parameters=[RoomFilter, OpenApiParameter("page_size", int), OpenApiParameter("cursor", str)],
        responses=RoomShape(many=True),
    )
    def get(self, request: Request) -> Response:
        wanted = RoomFilter(data=request.query_params.dict())
        wanted.is_valid(raise_exception=True)
        return _page(self, request, narrowed(_open_rooms(), wanted.validated_data), show_rooms)


class RoomDetail(APIView):
    """One room."""

    @extend_schema(operation_id="rooms_one", responses=RoomShape)
    def get(self, request: Request, pk: str) -> Response:
        room = _one(_open_rooms(), pk)
        return Response(show_room(room, queries.room_rules(room_id=room.pk)))


def show_rooms(rooms: list[Room]) -> list[dict[str, Any]]:
    """Several rooms; their rules cost one query when cached."""
    rules = queries.rules_of_many(room_ids=[room.pk for room in rooms])
    return [show_room(room, rules[room.pk]) for room in rooms if room.pk in rules]


def narrowed(rooms: QuerySet[Room], wanted: dict[str, Any]) -> QuerySet[Room]:
    """Apply a validated `RoomFilter`. Equipment is compared outside the database: JSON differs there."""
    if "venue" in wanted:
        rooms = rooms.filter(venue_id=wanted["venue"])
    if "seats" in wanted:
        rooms = rooms.filter(seats__gte=wanted["seats"])
    if wanted.get("q"):
        rooms = rooms.filter(Q(name__icontains=wanted["q"]) | Q(description__icontains=wanted["q"]))
    tags = {part.strip().casefold() for part in wanted.get("equipment", "").split(",") if part.strip()}
    if tags:
        pairs = rooms.values_list("pk", "equipment")
        rooms = rooms.filter(pk__in=[pk for pk, has in pairs if tags <= {str(item).casefold() for item in has}])
    return rooms
