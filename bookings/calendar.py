"""A member's bookings as an iCalendar feed (RFC 5545) behind a secret address."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from bookings.models import Booking
from core import clock
from core.entrances import PUBLIC, console_view
from members.models import Member

PAST = timedelta(days=90)
MOST = 1000
HIDDEN = (Booking.Status.EXPIRED, Booking.Status.REJECTED)
GONE = (Booking.Status.CANCELLED, Booking.Status.NO_SHOW)
TENTATIVE = (Booking.Status.PENDING, Booking.Status.HELD)


@require_safe
@console_view(PUBLIC)
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The feed of whoever's secret this is; a revoked one, or a blocked member's, is not there."""
    member = Member.objects.filter(calendar_token=token, status=Member.Status.ACTIVE).first() if token else None
    if member is None:
        raise Http404
    with override(member.language):
        text = render(member, clock.now())
    etag = f'"{hashlib.sha256(text).hexdigest()[:32]}"'
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    if request.headers.get("If-None-Match") == etag:
        answer = HttpResponse(status=304)
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    return answer


def render(member: Member, at: datetime) -> bytes:
    """The calendar as bytes; the same bookings give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Atrium//bookings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("My bookings"))
    calendar.add("refresh-interval", timedelta(minutes=15), parameters={"value": "DURATION"})
    for booking in _bookings(member, at):
        calendar.add_component(_event(booking))
    return bytes(calendar.to_ical())


def _bookings(member: Member, at: datetime) -> Any:
    rows = Booking.objects.filter(member=member, starts_at__gte=at - PAST).exclude(status__in=HIDDEN)
    return rows.select_related("room", "venue").order_by("starts_at", "pk")[:MOST]


def _event(booking: Booking) -> Event:
    event = Event()
    event.add("uid", f"booking-{booking.pk}@atrium")
    event.add("dtstamp", booking.created_at)
    event.add("dtstart", booking.starts_at)
    event.add("dtend", booking.ended_at or booking.ends_at)
    event.add("summary", f"{booking.room.name} · {booking.venue.name}")
    event.add("location", ", ".join(part for part in (booking.venue.name, booking.venue.address) if part))
    event.add("description", _("Check-in code %(code)s") % {"code": booking.code})
    event.add("status", _status(booking))
    return event


def _status(booking: Booking) -> str:
    if booking.status in GONE:
        return "CANCELLED"
    return "TENTATIVE" if booking.status in TENTATIVE else "CONFIRMED"
