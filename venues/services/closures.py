"""A closure may not silently cover what is already booked."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.transactions import lock, unit
from venues import registry
from venues.models import Closure, Room
from venues.rules.bundle import Shut
from venues.rules.closures import covers
from venues.rules.slots import local_date, wall_instant

HORIZON_DAYS = 800
"""How far ahead bookings are looked for; no policy lets anybody book further."""


class CoversBookings(DomainError):
    """A closure would cover live bookings; ``data`` has them as ``bookings``."""

    code = "covers_bookings"


@unit
def refuse_covered(*, closure: Closure, at: datetime) -> None:
    """Lock the closure's rooms and refuse it where something live lies in its time from ``at`` on.

    Raises CoversBookings (409) with the list. Call it in the transaction that saves the closure.
    """
    wanted = Room.objects.filter(venue_id=closure.venue_id)
    if closure.room_id:
        wanted = wanted.filter(pk=closure.room_id)
    ids = list(wanted.values_list("pk", flat=True))
    parts = Room.parts.through.objects.filter(from_room__in=ids).values_list("to_room", flat=True)
    lock(Room.objects.only("pk"), [*ids, *parts])
    found = registry.covered_by(ids, stretches_of(closure, at))
    if found:
        raise CoversBookings(
            _("Live bookings are in the way; move or cancel them first: %(list)s")
            % {"list": "; ".join(item.text for item in found)},
            field="first_day",
            data={"bookings": [item.text for item in found]},
        )


def stretches_of(closure: Closure, at: datetime) -> list[tuple[datetime, datetime]]:
    """The UTC stretches that a closure shuts from ``at`` on, merged where they touch."""
    zone = ZoneInfo(closure.venue.timezone)
    shut = Shut(
        closure.first_day, closure.last_day, closure.from_minute, closure.to_minute, closure.annual, closure.message
    )
    today = local_date(zone, at)
    found: list[tuple[datetime, datetime]] = []
    for day in _days(shut, today):
        start = wall_instant(zone, day, shut.from_minute)
        end = wall_instant(zone, day, shut.to_minute, closing=True)
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        elif end > at:
            found.append((start, end))
    return found


def _days(shut: Shut, today: date) -> list[date]:
    first = today if shut.annual else max(today, shut.first_day)
    last = today + timedelta(days=HORIZON_DAYS)
    if not shut.annual:
        last = min(last, shut.last_day)
    return [day for n in range((last - first).days + 1) if covers(shut, day := first + timedelta(days=n))]
