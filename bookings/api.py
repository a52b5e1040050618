"""The members' entrance: availability, own bookings, move, check-in, end, calendar."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bookings import queries, services
from bookings.errors import SlotTaken
from bookings.forms import Move
from bookings.models import Booking
from core import clock
from core.api_fields import IdField, InstantField
from core.paging import CursorPage
from members import services as members
from members.entrance import MemberView
from members.idempotency import idempotent

MOST_DAYS = 14


class Days(serializers.Serializer[Any]):
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, default=1)


class DayField(serializers.DateField):
    """``YYYY-MM-DD`` between 2000 and 2100."""

    def to_internal_value(self, value: Any) -> date:
        found = super().to_internal_value(value)
        if not 2000 <= found.year <= 2100:
            raise serializers.ValidationError(_("Between 2000 and 2100."))
        return found


Days._declared_fields["from"] = DayField(required=True)


class Window(serializers.Serializer[Any]):
    to = InstantField(required=False)


Window._declared_fields["from"] = InstantField(required=False)


class StretchShape(serializers.Serializer[Any]):
    starts_at = InstantField()
    ends_at = InstantField()


class DayShape(serializers.Serializer[Any]):
    date = serializers.DateField()
    open = StretchShape(many=True)
    free = StretchShape(many=True)
    closed_reason = serializers.CharField(allow_null=True)


class AvailabilityShape(serializers.Serializer[Any]):
    timezone = serializers.CharField()
    step_minutes = serializers.IntegerField()
    days = DayShape(many=True)


class BookingShape(serializers.Serializer[Any]):
    id = IdField()
    room = IdField()
    room_name = serializers.CharField()
    venue = IdField()
    starts_at = InstantField()
    ends_at = InstantField()
    status = serializers.ChoiceField(choices=Booking.Status.choices)
    attendees = serializers.IntegerField()
    check_in_code = serializers.CharField()
    policy = serializers.DictField()
    order = IdField(allow_null=True)
    series = IdField(allow_null=True)


class CalendarShape(serializers.Serializer[Any]):
    url = serializers.URLField()


class ByStart(CursorPage):
    ordering = ("-starts_at", "-id")


FROM = OpenApiParameter("from", OpenApiTypes.DATE, required=True)


class Availability(MemberView):
    """Open and free stretches of a room on venue-local days."""

    @extend_schema(parameters=[FROM, OpenApiParameter("days", OpenApiTypes.INT)], responses=AvailabilityShape)
    def get(self, request: Request, pk: str) -> Response:
        query = self.query_of(request, Days)
        found = queries.availability(
            room_id=self.id_of(pk), first_day=query["from"], days=query["days"], at=clock.now()
        )
        return Response(found)


class Bookings(MemberView):
    """Own bookings, the latest start first."""

    paging = ByStart

    @extend_schema(
        parameters=[
            OpenApiParameter("from", OpenApiTypes.DATETIME),
            OpenApiParameter("to", OpenApiTypes.DATETIME),
        ],
        responses=BookingShape(many=True),
    )
    def get(self, request: Request) -> Response:
        query = self.query_of(request, Window)
        rows = Booking.objects.filter(member=self.member_of(request)).select_related("room", "line")
        if "from" in query:
            rows = rows.filter(ends_at__gt=query["from"])
        if "to" in query:
            rows = rows.filter(starts_at__lt=query["to"])
        return self.page(request, rows, queries.show_booking)


class OneBooking(MemberView):
    """One of the own bookings."""

    @extend_schema(responses=BookingShape)
    def get(self, request: Request, pk: str) -> Response:
        return Response(queries.show_booking(own_booking(self, request, pk)))


class MoveBooking(MemberView):
    """Another time or room; a refusal carries alternatives."""

    @extend_schema(request=Move, responses=BookingShape)
    @idempotent()
    def post(self, request: Request, pk: str) -> Response:
        data = self.data_of(request, Move)
        booking = own_booking(self, request, pk)
        wish = {"starts_at": data["starts_at"], "ends_at": data["ends_at"]}
        room_id = data.get("room") or booking.room_id
        at = clock.now()
        try:
            services.move_booking(booking_id=booking.pk, room_id=room_id, by=self.member_of(request), at=at, **wish)
        except SlotTaken as error:
            attendees = booking.attendees
            error.late = lambda: {
                "alternatives": queries.alternatives(room_id=room_id, at=at, attendees=attendees, **wish)
            }
            raise
        return Response(queries.show_booking(own_booking(self, request, pk)))


class CheckIn(MemberView):
    """I am here."""

    @extend_schema(request=None, responses=BookingShape)
    @idempotent()
    def post(self, request: Request, pk: str) -> Response:
        booking = own_booking(self, request, pk)
        services.check_in(booking_id=booking.pk, at=clock.now(), by=self.member_of(request))
        return Response(queries.show_booking(own_booking(self, request, pk)))


class End(MemberView):
    """I leave; the rest is free for others."""

    @extend_schema(request=None, responses=BookingShape)
    @idempotent()
    def post(self, request: Request, pk: str) -> Response:
        booking = own_booking(self, request, pk)
        services.end_early(booking_id=booking.pk, at=clock.now(), by=self.member_of(request))
        return Response(queries.show_booking(own_booking(self, request, pk)))


class MyCalendar(MemberView):
    """The secret address of the own calendar feed; deleting it makes the next one another."""

    @extend_schema(responses=CalendarShape)
    def get(self, request: Request) -> Response:
        token = members.calendar_token(member=self.member_of(request))
        return Response({"url": settings.PUBLIC_URL.rstrip("/") + reverse("calendar", args=[token])})

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        members.revoke_calendar(member=self.member_of(request))
        return Response(status=204)


def own_booking(view: MemberView, request: Request, pk: str) -> Booking:
    """The member's booking of that id; another's is simply not there."""
    rows = Booking.objects.select_related("room", "line")
    found = rows.filter(pk=view.id_of(pk), member=view.member_of(request)).first()
    if found is None:
        raise Http404
    return found
