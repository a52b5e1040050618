"""Bookings as CSV: the list's filters and order, read by key so that memory stays flat.

A million rows have few distinct times, places and guests. The database hands each group over as one
text, and what it reads as in the file is worked out once for each distinct text.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from bookings.models import Booking
from core import csv, keyset, masking
from core.expressions import Joined
from members.models import Member
from venues.models import Room, Venue

FIELDS = (
    "code",
    Joined("venue_id", "starts_at", "ends_at"),
    Joined("venue_id", "room_id", "unit", "status", "attendees", "price_fen"),
    Joined(Coalesce("member_id", 0), "guest_name"),
)
MOST_KEPT = 50_000


def header() -> list[str]:
    """The first row, in the reader's language."""
    return [
        _("Check-in code"), _("Starts"), _("Ends"), _("Venue"), _("Room"), _("Unit"), _("State"), _("Attendees"),
        _("Price, fen"), _("Guest"),
    ]  # fmt: skip


def rows(found: QuerySet[Booking], *, reveal: bool) -> Iterator[list[str]]:
    """Chunks of lines. Times are the venue's own; names are masked unless ``reveal``."""
    times, places = _Once(_times()), _Once(_places())
    guests: dict[str, str] = {}

    def lines(chunk: list[tuple[Any, ...]]) -> list[str]:
        if len(guests) > MOST_KEPT:
            guests.clear()
        guests.update(_guests({row[5] for row in chunk} - guests.keys(), reveal))
        if not "".join([row[2] for row in chunk]).isalnum():
            chunk = [(start, pk, csv.fragment([code]), *rest) for start, pk, code, *rest in chunk]
        return [f"{code},{times[when]},{places[where]},{guests[who]}" for _at, _pk, code, when, where, who in chunk]

    return keyset.chunks(found, FIELDS, lines, order="starts_at")


class _Once(dict[str, str]):
    """Works a text out when it is first asked for; starts anew before it grows beyond bounds."""

    def __init__(self, work: Callable[[str], str]) -> None:
        super().__init__()
        self.work = work

    def __missing__(self, key: str) -> str:
        if len(self) >= MOST_KEPT:
            self.clear()
        self[key] = found = self.work(key)
        return found


def _times() -> Callable[[str], str]:
    zones = {str(pk): ZoneInfo(name) for pk, name in Venue.objects.values_list("pk", "timezone")}

    def work(text: str) -> str:
        venue, *instants = text.split("|")
        local = [keyset.utc(instant).astimezone(zones[venue]).replace(tzinfo=None) for instant in instants]
        return csv.fragment([instant.isoformat(" ", "minutes") for instant in local])

    return work


def _places() -> Callable[[str], str]:
    venues = {str(pk): name for pk, name in Venue.objects.values_list("pk", "name")}
    rooms = {str(pk): name for pk, name in Room.objects.values_list("pk", "name")}
    words = {value: str(label) for value, label in Booking.Status.choices}

    def work(text: str) -> str:
        venue, room, unit, status, people, price = text.split("|")
        return csv.fragment([venues[venue], rooms[room], int(unit), words[status], int(people), int(price)])

    return work


def _guests(texts: Iterable[str], reveal: bool) -> dict[str, str]:
    """``member|guest`` → the cell; one query for all members that are new."""
    pairs = {text: text.split("|", 1) for text in texts}
    wanted = {int(member) for member, _guest in pairs.values() if int(member)}
    names = {str(pk): name for pk, name in Member.objects.filter(pk__in=wanted).values_list("pk", "nickname")}
    shown = {text: names.get(member, guest) for text, (member, guest) in pairs.items()}
    return {text: csv.fragment([name if reveal else masking.name(name)]) for text, name in shown.items()}
