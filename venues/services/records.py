"""Marks a venue's rules as changed, and keeps divisible rooms sound."""

from collections.abc import Iterable, Sequence

from django.db.models import F
from django.utils.translation import gettext as _

from core.errors import Invalid
from core.transactions import unit
from venues.models import Room, Venue


@unit
def rules_changed(*, venue_ids: Iterable[int]) -> None:
    """Raise ``rules_version`` of these venues, so that every process reads their rules anew.

    Call it in the transaction of the change, after its writes.
    """
    Venue.objects.filter(pk__in=sorted(set(venue_ids))).update(rules_version=F("rules_version") + 1)


@unit
def set_parts(*, room: Room, parts: Sequence[Room]) -> None:
    """Make ``room`` a divisible whole of ``parts`` (none: an ordinary room).

    Raises Invalid (field ``parts``) where `check_parts` refuses.
    """
    check_parts(room=room, parts=parts)
    room.parts.set(parts)
    rules_changed(venue_ids=[room.venue_id])


def check_parts(*, room: Room, parts: Sequence[Room]) -> None:
    """Parts are of the same venue, have one unit, are at least two, and nothing is nested.

    Raises Invalid naming ``parts``.
    """
    if not parts:
        return
    problem = _problem(room, parts)
    if problem:
        raise Invalid(problem, field="parts")


def _problem(room: Room, parts: Sequence[Room]) -> str:
    ids = [part.pk for part in parts]
    if room.pk in ids:
        return _("A room cannot be a part of itself.")
    if len(ids) < 2:
        return _("A divisible room has at least two parts.")
    if any(part.venue_id != room.venue_id for part in parts):
        return _("All parts must be in the same venue.")
    if room.units != 1 or any(part.units != 1 for part in parts):
        return _("A pool of several units cannot be divided or be a part.")
    if Room.objects.filter(pk__in=ids, parts__isnull=False).exists():
        return _("A part cannot be divided itself.")
    if room.pk and Room.objects.filter(parts=room).exists():
        return _("This room is a part of another one and cannot be divided.")
    return ""
