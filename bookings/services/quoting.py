"""Room wishes become priced occurrences; under lock they become claims."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bookings import rules
from bookings.errors import RepeatOverlaps, SlotTaken
from bookings.queries import Taken, alternatives, taken_in
from bookings.services.claims import lock_spaces
from bookings.services.quotas import check_quota
from core.errors import DomainError, NotFound
from orders.registry import Buyer, Quoted
from venues.queries import rules_of_many
from venues.rules import RoomRules, check_window, price


@dataclass(frozen=True)
class RoomWish:
    """A stretch in a room, perhaps repeated; instants in UTC."""

    room_id: int
    starts_at: datetime
    ends_at: datetime
    attendees: int = 1
    repeat: rules.Repeat | None = None


@dataclass(frozen=True)
class Occurrence:
    """One stretch that may be held: with its rules and the unit found for it."""

    bundle: RoomRules
    wish: RoomWish
    starts_at: datetime
    ends_at: datetime
    unit: int


def quote_rooms(*, wishes: Sequence[tuple[str, RoomWish]], buyer: Buyer, at: datetime, lock: bool) -> list[Quoted]:
    """Price every occurrence and say which cannot be had. Raises NotFound for an unknown room.

    With ``lock`` the spaces are locked first, the rules read again (a closure may have been
    saved while we waited) and skipped conflicts left out.
    """
    bundles = rules_of_many(room_ids={wish.room_id for _field, wish in wishes})
    for field, wish in wishes:
        if wish.room_id not in bundles:
            raise NotFound(field=f"{field}.room")
    if lock:
        lock_spaces(space for bundle in bundles.values() for space in bundle.spaces)
        bundles = rules_of_many(room_ids=bundles)
    planned = [(field, wish, _stretches(field, wish, bundles[wish.room_id])) for field, wish in wishes]
    taken = _taken(planned, bundles)
    found: list[Quoted] = []
    for field, wish, stretches in planned:
        lines = [_line(field, wish, bundles[wish.room_id], s, e, buyer, at, taken) for s, e in stretches]
        found += _left(lines, wish) if lock else lines
    check_quota(found, buyer=buyer, lock=lock)
    return found


def _stretches(field: str, wish: RoomWish, bundle: RoomRules) -> list[tuple[datetime, datetime]]:
    if rules.overlaps_itself(wish.repeat, wish.starts_at, wish.ends_at, bundle.policy.turnaround_minutes):
        raise RepeatOverlaps(field=f"{field}.repeat")
    return rules.occurrences(bundle.zone, wish.starts_at, wish.ends_at, wish.repeat)


def _taken(planned: Sequence[Any], bundles: dict[int, RoomRules]) -> Taken:
    """The claims in the range of all occurrences; nothing is read for an impossible stretch."""
    slots = [
        rules.claim_slots(s, e, {"turnaround_minutes": bundles[wish.room_id].policy.turnaround_minutes})
        for _field, wish, stretches in planned
        for s, e in stretches
        if s < e
    ]
    if not slots:
        return set()
    spaces = {space for bundle in bundles.values() for space in bundle.spaces}
    return taken_in(spaces, min(item.start for item in slots), max(item.stop for item in slots))


def _line(
    field: str,
    wish: RoomWish,
    bundle: RoomRules,
    starts_at: datetime,
    ends_at: datetime,
    buyer: Buyer,
    at: datetime,
    taken: Taken,
) -> Quoted:
    conflict: DomainError | None = None
    unit = None
    try:
        check_window(
            bundle, starts_at, ends_at, at,
            plan_code=buyer.plan_code, attendees=wish.attendees, staff=buyer.staff is not None,
        )  # fmt: skip
        unit = _unit(bundle, starts_at, ends_at, taken)
    except DomainError as error:
        error.field = f"{field}.{error.field or 'starts_at'}"
        if isinstance(error, SlotTaken):
            error.late = _offer(wish, starts_at, ends_at, buyer, at)
        if error.status == 400:
            raise
        conflict = error
    cost = price(bundle, starts_at, ends_at, buyer.plan_code)
    return Quoted(
        kind="room",
        venue_id=bundle.venue_id,
        title=title_of(bundle, starts_at, ends_at),
        amount_fen=cost.amount_fen,
        why=cost.why,
        wish=Occurrence(bundle, wish, starts_at, ends_at, unit or 1),
        field=field,
        conflict=conflict,
        needs_approval=bundle.policy.needs_approval and buyer.staff is None,
        hold_minutes=bundle.policy.hold_minutes,
    )


def _offer(
    wish: RoomWish, starts_at: datetime, ends_at: datetime, buyer: Buyer, at: datetime
) -> Callable[[], dict[str, Any]]:
    """Works the alternatives out when they are asked for, after the transaction."""
    return lambda: {
        "alternatives": alternatives(
            room_id=wish.room_id, starts_at=starts_at, ends_at=ends_at, at=at,
            attendees=wish.attendees, plan_code=buyer.plan_code,
        )
    }  # fmt: skip


def _unit(bundle: RoomRules, starts_at: datetime, ends_at: datetime, taken: Taken) -> int:
    """A free unit, noted as taken so that the next line of the same order sees it. Raises SlotTaken."""
    turnaround = {"turnaround_minutes": bundle.policy.turnaround_minutes}
    slots = rules.claim_slots(starts_at, ends_at, turnaround)
    unit = rules.free_unit(bundle.units, bundle.spaces, slots, taken)
    if unit is None:
        raise SlotTaken(field="starts_at")
    taken.update((space, unit, slot) for space in bundle.spaces for slot in slots)
    return unit


def _left(lines: list[Quoted], wish: RoomWish) -> list[Quoted]:
    """Without the skipped conflicts, unless nothing would be left."""
    if wish.repeat is None or not wish.repeat.skip_conflicts:
        return lines
    left = [line for line in lines if line.conflict is None]
    skipped = [line.title for line in lines if line.conflict is not None]
    return [replace(line, more={"skipped": skipped}) for line in left] or lines[:1]


def title_of(bundle: RoomRules, starts_at: datetime, ends_at: datetime) -> str:
    """``Room 1 · 2026-01-05 09:00–11:00`` by the venue's clock."""
    start, end = starts_at.astimezone(bundle.zone), ends_at.astimezone(bundle.zone)
    return _("%(room)s · %(day)s %(from)s–%(to)s") % {
        "room": bundle.room_name,
        "day": f"{start:%Y-%m-%d}",
        "from": f"{start:%H:%M}",
        "to": f"{end:%H:%M}",
    }
