"""Bookings on other pages: a member's page, and the cards of the home page."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models import Booking, Strike
from core import home, tones
from members import registry
from members.models import Member
from venues.rules.slots import wall_instant

SHOWN = 10


def register() -> None:
    """Tell the member's page and the home page."""
    registry.panel(
        "bookings", gettext_lazy("Bookings"), "bookings/_of_member.html", _of_member,
        permission="bookings.view", order=10,
    )  # fmt: skip
    home.register("arrivals", _arrivals, permission="bookings.view", order=10)
    home.register("approvals", _approvals, permission="bookings.approve", order=20)


def _of_member(member: Member, user: Any, at: datetime) -> dict[str, Any]:
    rows = Booking.objects.visible_to(user).filter(member=member).select_related("room", "venue")
    visible = Booking.objects.visible_to(user).values("pk")
    strikes = Strike.objects.filter(member=member, expires_at__gt=at, waived_at=None, booking__in=visible)
    return {
        "rows": list(rows.order_by("-starts_at", "-pk")[:SHOWN]),
        "strikes": list(strikes.select_related("booking")),
    }


def _arrivals(user: Any, venue: Any, at: datetime) -> home.Card:
    """Who is still to come today, and who is late."""
    zone = ZoneInfo(venue.timezone if venue else settings.CONSOLE_ZONE)
    day = at.astimezone(zone).date()
    rows = _scoped(user, venue).filter(
        status=Booking.Status.CONFIRMED,
        starts_at__gte=wall_instant(zone, day, 0),
        starts_at__lt=wall_instant(zone, day + timedelta(days=1), 0),
    )
    starts = list(rows.values_list("starts_at", flat=True)[:2000])
    late = sum(1 for start in starts if start < at)
    hint = _("%(n)s late") % {"n": late} if late else ""
    tone = tones.WARN if late else ""
    return home.Card(_("Still to arrive today"), len(starts) - late, hint, reverse("bookings:timeline"), tone)


def _approvals(user: Any, venue: Any, at: datetime) -> home.Card | None:
    waiting = _scoped(user, venue).filter(status=Booking.Status.PENDING)[:1000].count()
    if not waiting:
        return None
    address = reverse("bookings:list") + "?status=pending"
    return home.Card(_("Waiting for approval"), waiting, "", address, tones.WARN)


def _scoped(user: Any, venue: Any) -> Any:
    return Booking.objects.filter(venue=venue) if venue else Booking.objects.visible_to(user)
