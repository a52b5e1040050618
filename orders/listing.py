"""The console's list of orders: filters, and a search that always has an index to go by."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from members.models import Member
from orders.models import Order
from venues.models import Venue
from venues.rules.slots import wall_instant

MOST_MEMBERS = 200
_LAST_FOUR = 4


@dataclass(frozen=True)
class Wanted:
    """What the reader asked for; empty values do not filter."""

    venue: Venue | None = None
    status: str = ""
    day: date | None = None
    text: str = ""


def orders_for(actor: Any, wanted: Wanted) -> QuerySet[Order]:
    """The orders that ``actor`` may see and asked for, not ordered."""
    orders = Order.objects.all()
    rows = orders.filter(venue=wanted.venue) if wanted.venue else in_scope(orders, actor)
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    if wanted.day:
        zone = ZoneInfo(wanted.venue.timezone if wanted.venue else settings.CONSOLE_ZONE)
        first, after = wall_instant(zone, wanted.day, 0), wall_instant(zone, wanted.day + timedelta(days=1), 0)
        rows = rows.filter(created_at__gte=first, created_at__lt=after)
    return rows.filter(_matching(wanted.text)) if wanted.text else rows


def in_scope(rows: QuerySet[Any], actor: Any) -> QuerySet[Any]:
    """What ``actor`` may see, by the venues' keys: a subquery would make MariaDB join before it sorts a million."""
    if actor.all_venues or actor.is_superuser:
        return rows
    return rows.filter(venue__in=list(Venue.objects.visible_to(actor).values_list("pk", flat=True)))


def members_like(text: str, limit: int = MOST_MEMBERS) -> list[int]:
    """Members by the last four digits of their phone, or by how their name begins."""
    if len(text) == _LAST_FOUR and text.isdigit():
        rows = Member.objects.filter(phone_last4=text)
    else:
        rows = Member.objects.filter(nickname__istartswith=text)
    return list(rows.order_by().values_list("pk", flat=True)[:limit])


def _matching(text: str) -> Q:
    """By number or by member: each resolved to keys by its own index first."""
    found = list(Order.objects.filter(number=text.upper()).values_list("pk", flat=True))
    return Q(pk__in=found) if found else Q(member__in=members_like(text))
