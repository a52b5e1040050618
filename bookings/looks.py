"""How bookings look in the console: states, navigation, search, sections on a member's page."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bookings.listing import Wanted, bookings_for
from bookings.models import Booking
from core import masking, navigation, search, tones

STATES = {
    Booking.Status.PENDING: ("hourglass_top", tones.INFO),
    Booking.Status.HELD: ("timer", tones.WARN),
    Booking.Status.CONFIRMED: ("event_available", tones.GOOD),
    Booking.Status.CHECKED_IN: ("how_to_reg", tones.GOOD),
    Booking.Status.COMPLETED: ("task_alt", tones.NEUTRAL),
    Booking.Status.CANCELLED: ("event_busy", tones.MUTED),
    Booking.Status.REJECTED: ("block", tones.MUTED),
    Booking.Status.EXPIRED: ("timer_off", tones.MUTED),
    Booking.Status.NO_SHOW: ("person_off", tones.BAD),
}


def register() -> None:
    """Tell the shell."""
    for state, (icon, tone) in STATES.items():
        tones.register("bookings.booking", state, state.label, icon, tone)
    today = navigation.TODAY
    navigation.register(today, _("Timeline"), "bookings:timeline", "bookings.view", "view_timeline", order=10, key="d")
    navigation.register(today, _("Bookings"), "bookings:list", "bookings.view", "event", order=20, key="b")
    search.register(_found, permission="bookings.view")


def _found(query: str, actor: Any, limit: int) -> Iterable[search.Result]:
    rows = bookings_for(actor, Wanted(text=query)).select_related("room", "venue", "member")
    for item in rows.order_by("-starts_at", "-pk")[:limit]:
        start = item.starts_at.astimezone(ZoneInfo(item.venue.timezone))
        guest = masking.name(item.member.nickname if item.member else item.guest_name)
        title = f"{item.room.name} · {start:%Y-%m-%d %H:%M}"
        subtitle = " · ".join(part for part in (guest, str(item.get_status_display()), item.code) if part)
        yield search.Result(_("Booking"), title, subtitle, reverse("bookings:booking", args=[item.pk]), "event")
