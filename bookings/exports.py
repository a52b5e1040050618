"""Bookings as CSV: the list's filters and order, read by key so that memory stays flat."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bookings.models import Booking
from core import keyset, masking
from members.models import Member
from orders.models import OrderLine
from venues.models import Room, Venue

FIELDS = (
    "code", "venue_id", "room_id", "unit", "starts_at", "ends_at", "status", "attendees", "member_id", "guest_name",
    "price_fen", "line_id", "created_at",
)  # fmt: skip


def header() -> list[str]:
    """The first row, in the reader's language."""
    return [
        _("Check-in code"), _("Venue"), _("Room"), _("Unit"), _("Starts"), _("Ends"), _("State"), _("Attendees"),
        _("Guest"), _("Price, fen"), _("Order"), _("Made"),
    ]  # fmt: skip


def rows(found: QuerySet[Booking], *, reveal: bool) -> Iterator[list[Sequence[Any]]]:
    """Chunks of rows. Times are the venue's own; names are masked unless ``reveal``."""
    venues = {pk: (name, ZoneInfo(zone)) for pk, name, zone in Venue.objects.values_list("pk", "name", "timezone")}
    rooms = dict(Room.objects.values_list("pk", "name"))
    words = {value: str(label) for value, label in Booking.Status.choices}

    def cells(chunk: list[tuple[Any, ...]]) -> list[Sequence[Any]]:
        names = _names((row[8] for row in chunk), reveal)
        numbers = dict(OrderLine.objects.filter(pk__in={row[11] for row in chunk}).values_list("pk", "order__number"))
        made: list[Sequence[Any]] = []
        for code, venue, room, unit, start, end, status, people, member, guest, price, line, created in chunk:
            place, zone = venues[venue]
            who = names.get(member) or (guest if reveal else masking.name(guest))
            times = [_shown(instant, zone) for instant in (start, end, created)]
            made.append(
                (code, place, rooms[room], unit, times[0], times[1], words[status], people, who, price,
                 numbers.get(line, ""), times[2])
            )  # fmt: skip
        return made

    return keyset.chunks(found, FIELDS, cells, order="starts_at")


def _shown(instant: Any, zone: ZoneInfo) -> str:
    return str(instant.astimezone(zone).replace(tzinfo=None).isoformat(" ", "minutes"))


def _names(members: Iterable[int | None], reveal: bool) -> dict[int, str]:
    wanted = {pk for pk in members if pk is not None}
    found = Member.objects.filter(pk__in=wanted).values_list("pk", "nickname")
    return {pk: name if reveal else masking.name(name) for pk, name in found}
