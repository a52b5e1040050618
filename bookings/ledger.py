"""Invariants of bookings and claims, checked with flat memory."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings import rules
from bookings.models import Booking, RoomClaim
from core import ledger
from core.ledger import Drift
from core.transactions import lock_one, unit
from timers import auditors
from venues.models import Room

_BATCH = 1000
_KINDS = ("bookings.complete",)


def _claims() -> Iterator[Drift]:
    """Every live booking has exactly its claims; a booking that is over has none but a tail."""
    leaves = _leaves()
    live = Booking.objects.filter(status__in=Booking.CLAIMING).order_by("pk")
    for batch in _batches(live):
        found: dict[int, set[tuple[int, int, int]]] = defaultdict(set)
        rows = RoomClaim.objects.filter(booking__in=[booking.pk for booking in batch])
        for booking_id, *claim in rows.values_list("booking_id", "space_id", "unit", "slot_start"):
            found[booking_id].add((claim[0], claim[1], claim[2]))
        for booking in batch:
            wanted = _wanted(booking, leaves)
            if found[booking.pk] != wanted:
                data = {"missing": len(wanted - found[booking.pk]), "extra": len(found[booking.pk] - wanted)}
                text = _("A booking's claims differ: %(missing)s missing, %(extra)s too many.") % data
                yield Drift(f"bookings.booking:{booking.pk}", text, {"pk": booking.pk, **data})


def _orphans() -> Iterator[Drift]:
    dead = (Booking.Status.CANCELLED, Booking.Status.EXPIRED, Booking.Status.REJECTED, Booking.Status.NO_SHOW)
    rows = Booking.objects.filter(status__in=dead, claims__isnull=False).annotate(n=Count("claims")).order_by()
    for pk, n in rows.values_list("pk", "n").iterator(_BATCH):
        text = _("A booking that is over still holds %(n)s claims.") % {"n": n}
        yield Drift(f"bookings.booking:{pk}", text, {"pk": pk})


def _overlaps() -> Iterator[Drift]:
    """Independent of claims: a sweep over the live bookings of each leaf and unit in time order."""
    leaves = _leaves()
    ends: dict[tuple[int, int], tuple[datetime, int]] = {}
    live = Booking.objects.filter(status__in=Booking.CLAIMING).order_by("starts_at", "pk")
    columns = ("pk", "room_id", "unit", "starts_at", "ends_at")
    for pk, room_id, number, starts_at, ends_at in live.values_list(*columns).iterator(_BATCH):
        for space in leaves.get(room_id, (room_id,)):
            before = ends.get((space, number))
            if before and before[0] > starts_at:
                text = _("Bookings %(one)s and %(two)s overlap.") % {"one": before[1], "two": pk}
                yield Drift(f"bookings.booking:{pk}", text, {"pk": pk, "other": before[1]})
            if before is None or ends_at > before[0]:
                ends[(space, number)] = (ends_at, pk)


def _timers() -> Iterator[Drift]:
    for auditor in auditors.all_auditors():
        if auditor.kind in _KINDS:
            for booking in auditor.without_timer().iterator(_BATCH):
                text = _("Booking %(code)s is confirmed but nothing will end it.") % {"code": booking.code}
                yield Drift(f"bookings.booking:{booking.pk}", text, {"pk": booking.pk})


def _rearm(drift: Drift, at: datetime) -> None:
    auditors.audit(at=at)


@unit
def _restore_claims(drift: Drift, at: datetime) -> None:
    """Give a live booking exactly the claims it should have; raises where another holds them."""
    booking = lock_one(Booking.objects.all(), drift.data["pk"])
    if booking is None:
        return
    wanted = _wanted(booking, _leaves()) if booking.status in Booking.CLAIMING else set()
    RoomClaim.objects.filter(booking=booking).delete()
    RoomClaim.objects.bulk_create(
        RoomClaim(booking=booking, space_id=space, unit=number, slot_start=slot) for space, number, slot in wanted
    )


def _wanted(booking: Booking, leaves: dict[int, tuple[int, ...]]) -> set[tuple[int, int, int]]:
    slots = rules.claim_slots(booking.starts_at, booking.ends_at, booking.policy)
    spaces = leaves.get(booking.room_id, (booking.room_id,))
    return {(space, booking.unit, slot) for space in spaces for slot in slots}


def _leaves() -> dict[int, tuple[int, ...]]:
    parts: dict[int, list[int]] = defaultdict(list)
    for whole, part in Room.parts.through.objects.values_list("from_room_id", "to_room_id"):
        parts[whole].append(part)
    return {whole: tuple(sorted(found)) for whole, found in parts.items()}


def _batches(rows: Any) -> Iterator[list[Booking]]:
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:_BATCH]):
        yield batch
        last = batch[-1].pk


def register() -> None:
    """Announce the checks."""
    ledger.register("bookings.claims", gettext_lazy("Claims match bookings"), _claims, _restore_claims)
    ledger.register("bookings.orphans", gettext_lazy("No claim outlives its booking"), _orphans, _restore_claims)
    ledger.register("bookings.overlaps", gettext_lazy("No two bookings overlap"), _overlaps)
    ledger.register("bookings.timers", gettext_lazy("Confirmed bookings have their timers"), _timers, _rearm)
