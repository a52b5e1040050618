"""What members are told about their bookings, in their own language."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import override

from bookings.models import Booking
from members import services as members


def say(booking: Booking, what: str, *, at: datetime, reason: str = "") -> None:
    """Tell the booking's member one fact about it, once per fact and start; guests have no inbox.

    ``what``: approved, rejected, cancelled, moved, no_show or reminder.
    """
    if booking.member is None:
        return
    with override(booking.member.language):
        title, body = _titles()[what] % _facts(booking), _body(booking, reason)
    key = f"booking.{what}:{booking.pk}:{int(booking.starts_at.timestamp())}"
    if what == "moved":
        key += f":{booking.room_id}:{int(booking.ends_at.timestamp())}"
    _send(booking, what, key, title, body, at)


def confirmed(bookings: Sequence[Booking], *, at: datetime) -> None:
    """One message for all bookings of an order: what was booked and what was skipped."""
    if not bookings or bookings[0].member is None:
        return
    first = bookings[0]
    with override(bookings[0].member.language):
        title = _("Booked: %(room)s, %(when)s") % _facts(first)
        if len(bookings) > 1:
            title = _("Booked: %(count)s bookings") % {"count": len(bookings)}
        lines = [_("%(room)s, %(when)s, check-in code %(code)s") % _facts(booking) for booking in bookings]
        series = {booking.series_id: booking.series for booking in bookings if booking.series is not None}
        skipped = [text for item in series.values() for text in item.rule.get("skipped", [])]
        lines += [_("Skipped: %(what)s") % {"what": text} for text in skipped]
    _send(first, "confirmed", f"booking.confirmed:{first.pk}", title, "\n".join(lines), at)


def _titles() -> dict[str, str]:
    return {
        "approved": _("Approved: %(room)s, %(when)s"),
        "rejected": _("Not approved: %(room)s, %(when)s"),
        "cancelled": _("Cancelled: %(room)s, %(when)s"),
        "moved": _("Moved: now %(room)s, %(when)s"),
        "no_show": _("Released because nobody came: %(room)s, %(when)s"),
        "reminder": _("Your booking of %(room)s begins soon"),
    }


def _body(booking: Booking, reason: str) -> str:
    text = _("%(venue)s, check-in code %(code)s") % {"venue": booking.venue.name, "code": booking.code}
    return f"{text}\n{reason}" if reason else text


def _facts(booking: Booking) -> dict[str, str]:
    zone = ZoneInfo(booking.venue.timezone)
    start, end = booking.starts_at.astimezone(zone), booking.ends_at.astimezone(zone)
    return {"room": booking.room.name, "when": f"{start:%Y-%m-%d %H:%M}–{end:%H:%M}", "code": booking.code}


def _send(booking: Booking, what: str, key: str, title: str, body: str, at: datetime) -> None:
    if booking.member is not None:
        members.notify(
            member=booking.member, kind=f"booking.{what}", key=key, title=title, body=body,
            link=f"/bookings/{booking.pk}", at=at,
        )  # fmt: skip
