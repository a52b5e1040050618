"""A booking's story in words, newest first."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models import Booking, BookingEvent
from orders.story import Entry, reason_of, who_did

WORDS = {
    "hold": gettext_lazy("Booked"),
    "approve": gettext_lazy("Approved"),
    "reject": gettext_lazy("Rejected"),
    "confirm": gettext_lazy("Confirmed"),
    "check_in": gettext_lazy("Checked in"),
    "end": gettext_lazy("Ended early"),
    "complete": gettext_lazy("Completed"),
    "no_show": gettext_lazy("Released: nobody came"),
    "cancel": gettext_lazy("Cancelled"),
    "expire": gettext_lazy("Expired unpaid; the room is free again"),
    "move": gettext_lazy("Moved"),
    "strike_waived": gettext_lazy("No-show forgiven"),
    "series_split": gettext_lazy("Left its series with the following ones"),
}


def story_of(booking: Booking) -> list[Entry]:
    """Every event of a booking; one query."""
    zone = ZoneInfo(booking.venue.timezone)
    return [_entry(event, zone) for event in booking.events.select_related("by").order_by("-pk")]


def _entry(event: BookingEvent, zone: ZoneInfo) -> Entry:
    return Entry(
        event.at, _text(event.action, event.data, zone), who_did(event), reason_of(event.data.get("reason", ""))
    )


def _text(action: str, data: Mapping[str, Any], zone: ZoneInfo) -> str:
    if action == "freed":
        return _("%(minutes)s minutes are free again") % {"minutes": int(data.get("slots", 0)) * 15}
    if action == "move" and "starts_at" in data:
        before = datetime.fromisoformat(data["starts_at"]).astimezone(zone)
        return _("Moved; it was on %(when)s") % {"when": f"{before:%Y-%m-%d %H:%M}"}
    return str(WORDS.get(action, action))
