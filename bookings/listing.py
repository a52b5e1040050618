"""The console's list of bookings: filters, and a search that always has an index to go by."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from bookings.models import Booking
from orders.listing import MOST_MEMBERS, in_scope, members_like
from orders.models import OrderLine
from venues.models import Venue
from venues.rules.slots import wall_instant


@dataclass(frozen=True)
class Wanted:
    """What the reader asked for; empty values do not filter."""

    venue: Venue | None = None
    status: str = ""
    room: int | None = None
    day: date | None = None
    text: str = ""


def bookings_for(actor: Any, wanted: Wanted) -> QuerySet[Booking]:
    """The bookings that ``actor`` may see and asked for, not ordered."""
    rows = Booking.objects.all() if wanted.venue else in_scope(Booking.objects.all(), actor)
    if wanted.venue:
        rows = rows.filter(venue=wanted.venue)
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    if wanted.room:
        rows = rows.filter(room=wanted.room)
    if wanted.day:
        rows = rows.filter(_on(wanted.day, wanted.venue))
    return rows.filter(_matching(wanted.text)) if wanted.text else rows


def _on(day: date, venue: Venue | None) -> Q:
    zone = ZoneInfo(venue.timezone if venue else settings.CONSOLE_ZONE)
    return Q(starts_at__gte=wall_instant(zone, day, 0), starts_at__lt=wall_instant(zone, day + timedelta(days=1), 0))


def _matching(text: str) -> Q:
    """By check-in code, order number, member or guest: each resolved to keys by its own index first."""
    found = list(Booking.objects.filter(code=text.upper()).values_list("pk", flat=True))
    if not found:
        lines = OrderLine.objects.filter(order__number=text.upper()).values_list("pk", flat=True)
        found = list(Booking.objects.filter(line__in=list(lines)).values_list("pk", flat=True))
    if found:
        return Q(pk__in=found)
    members = members_like(text)
    guests = list(Booking.objects.filter(guest_name__istartswith=text).values_list("pk", flat=True)[:MOST_MEMBERS])
    if members and guests:
        return Q(member__in=members) | Q(pk__in=guests)
    return Q(member__in=members) if members else Q(pk__in=guests)
