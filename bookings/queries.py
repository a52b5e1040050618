"""Reads about bookings: what is free, what else could be had, how a booking is shown."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from bookings import rules
from bookings.models import Booking, RoomClaim
from core import prepared
from core.api_fields import show_instant
from core.errors import DomainError
from venues.models import Room
from venues.queries import room_rules, rules_of_many
from venues.rules import (
    RoomRules,
    check_window,
    closed_reason,
    day_slots,
    local_date,
    price,
    slot_instant,
    slot_of,
)
from venues.rules.hours import Span, merge, subtract

MOST_ALTERNATIVES = 6
Taken = set[tuple[int, int, int]]
"""``(space, unit, slot)``"""
_TAKEN = prepared.Prepared(
    lambda space, first, last: RoomClaim.objects.filter(
        space=space, slot_start__gte=first, slot_start__lt=last
    ).values_list("space_id", "unit", "slot_start"),
    prepared.whole(0),
    prepared.whole(1),
    prepared.whole(2),
)
SHOWN_POLICY = ("tiers", "check_in_early_minutes", "no_show_minutes", "turnaround_minutes")


def taken_in(spaces: Iterable[int], first: int, last: int, *, but: Booking | None = None) -> Taken:
    """The claims on spaces within ``first <= slot < last``, without those of one booking."""
    wanted = set(spaces)
    if len(wanted) == 1 and but is None:
        return set(_TAKEN.rows(*wanted, first, last))
    rows = RoomClaim.objects.filter(space__in=wanted, slot_start__gte=first, slot_start__lt=last)
    if but is not None:
        rows = rows.exclude(booking=but)
    return set(rows.values_list("space_id", "unit", "slot_start"))


def availability(*, room_id: int, first_day: date, days: int, at: datetime) -> dict[str, Any]:
    """A room's open and free stretches on venue-local days, as the API shows them. Raises NotFound."""
    bundle = room_rules(room_id=room_id)
    each = [first_day + timedelta(days=n) for n in range(days)]
    spans = {day: list(day_slots(bundle, day)) for day in each}
    flat = [span for found in spans.values() for span in found]
    busy = _busy(bundle, flat)
    return {
        "timezone": bundle.zone.key,
        "step_minutes": bundle.policy.step_minutes,
        "days": [
            {
                "date": day.isoformat(),
                "open": [_stretch(span) for span in spans[day]],
                "free": [_stretch(span) for span in _free(bundle, spans[day], busy, at)],
                "closed_reason": closed_reason(bundle, day),
            }
            for day in each
        ],
    }


def alternatives(
    *, room_id: int, starts_at: datetime, ends_at: datetime, at: datetime, attendees: int = 1, plan_code: str = ""
) -> list[dict[str, Any]]:
    """What could be had instead: the same room a little earlier or later, an equal or better
    room at the same time, a shorter stretch; the nearest first, at most six.
    """
    bundle = room_rules(room_id=room_id)
    found = [*_same_room(bundle, starts_at, ends_at), *_other_rooms(bundle, starts_at, ends_at, attendees)]
    offers: list[dict[str, Any]] = []
    for candidate, start, end in found:
        if len(offers) < MOST_ALTERNATIVES and _possible(candidate, start, end, at, attendees, plan_code):
            cost = price(candidate, start, end, plan_code).amount_fen
            offers.append(
                {
                    "room": str(candidate.room_id),
                    "starts_at": show_instant(start),
                    "ends_at": show_instant(end),
                    "payable_fen": cost,
                }
            )
    return offers


def show_booking(booking: Booking) -> dict[str, Any]:
    """A booking as the API shows it; needs room and line joined."""
    return {
        "id": str(booking.pk),
        "room": str(booking.room_id),
        "room_name": booking.room.name,
        "venue": str(booking.venue_id),
        "starts_at": show_instant(booking.starts_at),
        "ends_at": show_instant(booking.ends_at),
        "status": booking.status,
        "attendees": booking.attendees,
        "check_in_code": booking.code,
        "policy": {name: booking.policy.get(name) for name in SHOWN_POLICY},
        "order": str(booking.line.order_id) if booking.line else None,
        "series": str(booking.series_id) if booking.series_id else None,
    }


def _stretch(span: Span) -> dict[str, str]:
    return {"starts_at": show_instant(slot_instant(span[0])), "ends_at": show_instant(slot_instant(span[1]))}


def _busy(bundle: RoomRules, spans: list[Span]) -> list[Span]:
    """Slots in which every unit (or any leaf of a whole) is claimed, as spans."""
    if not spans:
        return []
    taken = taken_in(bundle.spaces, min(s for s, _ in spans), max(e for _, e in spans))
    used = Counter(slot for _space, _unit, slot in taken)
    whole = bundle.units if len(bundle.spaces) == 1 else 1
    return merge([(slot, slot + 1) for slot, count in used.items() if count >= whole])


def _free(bundle: RoomRules, spans: list[Span], busy: list[Span], at: datetime) -> list[Span]:
    """Open, not claimed, not past; a stretch before somebody else ends with its turnaround inside."""
    now = slot_of(at - timedelta(microseconds=1)) + 1
    turnaround = -(-bundle.policy.turnaround_minutes // 15)
    starts = {start for start, _end in busy}
    left = subtract(spans, [(0, now), *busy])
    shrunk = [(start, end - turnaround if end in starts else end) for start, end in left]
    return [span for span in shrunk if span[0] < span[1]]


def _same_room(bundle: RoomRules, starts_at: datetime, ends_at: datetime) -> Iterator[tuple[RoomRules, Any, Any]]:
    """Shifts by the room's step within three hours, near ones first; then shorter ones."""
    step = timedelta(minutes=bundle.policy.step_minutes)
    count = int(timedelta(hours=3) / step)
    day = local_date(bundle.zone, starts_at)
    busy = set(_claimed(bundle, starts_at - 4 * timedelta(hours=1), ends_at + 4 * timedelta(hours=1)))
    for n in [sign * m for m in range(1, count + 1) for sign in (1, -1)]:
        start, end = starts_at + n * step, ends_at + n * step
        if local_date(bundle.zone, start) == day and not _meets(bundle, start, end, busy):
            yield bundle, start, end
    end = ends_at - step
    while end - starts_at >= timedelta(minutes=bundle.policy.min_minutes):
        if not _meets(bundle, starts_at, end, busy):
            yield bundle, starts_at, end
            return
        end -= step


def _other_rooms(
    bundle: RoomRules, starts_at: datetime, ends_at: datetime, attendees: int
) -> Iterator[tuple[RoomRules, datetime, datetime]]:
    rooms = Room.objects.filter(venue_id=bundle.venue_id, active=True, seats__gte=max(attendees, bundle.seats))
    ids = list(rooms.exclude(pk=bundle.room_id).order_by("seats", "pk").values_list("pk", flat=True)[:20])
    bundles = rules_of_many(room_ids=ids)
    for pk in ids:
        other = bundles[pk]
        if not _meets(other, starts_at, ends_at, set(_claimed(other, starts_at, ends_at))):
            yield other, starts_at, ends_at


def _claimed(bundle: RoomRules, first: datetime, last: datetime) -> Iterator[tuple[int, int, int]]:
    slots = rules.claim_slots(first, last, {"turnaround_minutes": bundle.policy.turnaround_minutes})
    yield from taken_in(bundle.spaces, slots.start, slots.stop)


def _meets(bundle: RoomRules, start: datetime, end: datetime, taken: set[tuple[int, int, int]]) -> bool:
    slots = rules.claim_slots(start, end, {"turnaround_minutes": bundle.policy.turnaround_minutes})
    return rules.free_unit(bundle.units, bundle.spaces, slots, taken) is None


def _possible(bundle: RoomRules, start: datetime, end: datetime, at: datetime, attendees: int, plan_code: str) -> bool:
    try:
        check_window(bundle, start, end, at, plan_code=plan_code, attendees=attendees)
    except DomainError:
        return False
    return True
