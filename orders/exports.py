"""Orders as CSV: the list's filters and order, read by key so that memory stays flat."""

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import keyset, masking
from members.models import Member
from orders.models import Order
from venues.models import Venue

FIELDS = (
    "number", "venue_id", "created_at", "status", "source", "member_id", "guest_name", "total_fen", "discount_fen",
    "payable_fen", "paid_fen", "refunded_fen", "paid_at",
)  # fmt: skip


def header() -> list[str]:
    """The first row, in the reader's language."""
    return [
        _("Number"), _("Venue"), _("Made"), _("State"), _("Source"), _("Guest"), _("Total, fen"), _("Discount, fen"),
        _("Payable, fen"), _("Paid, fen"), _("Refunded, fen"), _("Paid at"),
    ]  # fmt: skip


def rows(found: QuerySet[Order], *, reveal: bool) -> Iterator[list[Sequence[Any]]]:
    """Chunks of rows. Times are the venue's own; names are masked unless ``reveal``."""
    venues = {pk: (name, ZoneInfo(zone)) for pk, name, zone in Venue.objects.values_list("pk", "name", "timezone")}
    words = {value: str(label) for value, label in [*Order.Status.choices, *Order.Source.choices]}

    def cells(chunk: list[tuple[Any, ...]]) -> list[Sequence[Any]]:
        members = {row[7] for row in chunk if row[7] is not None}
        names = dict(Member.objects.filter(pk__in=members).values_list("pk", "nickname"))
        made: list[Sequence[Any]] = []
        for _at, _pk, number, venue, created, status, source, member, guest, *amounts, paid_at in chunk:
            place, zone = venues[venue]
            name = names.get(member, guest)
            who = name if reveal else masking.name(name)
            made.append(
                (number, place, _shown(created, zone), words[status], words[source], who, *amounts,
                 _shown(paid_at, zone) if paid_at else "")
            )  # fmt: skip
        return made

    return keyset.chunks(found, FIELDS, cells, order="created_at")


def _shown(instant: Any, zone: ZoneInfo) -> str:
    return str(instant.astimezone(zone).replace(tzinfo=None).isoformat(" ", "minutes"))
