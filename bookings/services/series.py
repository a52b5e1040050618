"""Series: occurrences that were materialised together and may be changed together."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bookings.models import Booking, Series
from bookings.services.moves import locked, tell
from bookings.services.moving import move_booking
from core.errors import DomainError
from core.transactions import unit
from orders import services as orders

THIS, FOLLOWING, ALL = "this", "following", "all"


@dataclass(frozen=True)
class Outcome:
    """What became of one occurrence: moved or cancelled, or the reason it was not."""

    booking: Booking
    error: DomainError | None = None


@unit
def move_series(
    *, booking_id: int, scope: str, shift: timedelta, lasts: timedelta, by: Any, at: datetime, staff: bool = False
) -> list[Outcome]:
    """Shift occurrences by the wall clock and give them a new length; all or nothing.

    ``scope``: this, following (splits a running series, which keeps its history) or all that are
    still to come. Raises the first refusal.
    """
    booking = locked(booking_id)
    targets = _targets(booking, scope, at)
    _split(booking, targets, scope, at, by)
    return [
        Outcome(move_booking(booking_id=item.pk, starts_at=start, ends_at=start + lasts, by=by, at=at, staff=staff))
        for item, start in _ordered(targets, shift)
    ]


@unit
def cancel_series(*, booking_id: int, scope: str, by: Any, at: datetime, reason: str = "") -> list[Outcome]:
    """Cancel this, this and the following, or all occurrences still to come, by their policies."""
    booking = locked(booking_id)
    targets = _targets(booking, scope, at)
    by_order: dict[int, list[int]] = {}
    for item in targets:
        if item.line is not None:
            by_order.setdefault(item.line.order_id, []).append(item.line.pk)
    for order_id, lines in by_order.items():
        orders.cancel_lines(order_id=order_id, line_ids=lines, at=at, by=by, reason=reason)
    return [Outcome(item) for item in targets]


def _targets(booking: Booking, scope: str, at: datetime) -> list[Booking]:
    if scope == THIS or booking.series_id is None:
        return [booking]
    rows = Booking.objects.filter(series_id=booking.series_id, status__in=("pending", "held", "confirmed"))
    start = booking.starts_at if scope == FOLLOWING else at
    return list(rows.filter(starts_at__gte=start).select_related("line", "venue").order_by("starts_at"))


def _split(booking: Booking, targets: list[Booking], scope: str, at: datetime, by: Any) -> None:
    """Following ones leave the series for one of their own; what has been stays where it was."""
    if scope != FOLLOWING or booking.series is None:
        return
    if not booking.series.bookings.exclude(pk__in=[item.pk for item in targets]).exists():
        return
    fresh = Series.objects.create(
        venue=booking.venue, member=booking.member, rule=booking.series.rule, split_from=booking.series, created_at=at
    )
    Booking.objects.filter(pk__in=[item.pk for item in targets]).update(series=fresh)
    tell(booking, "series_split", at=at, by=by, series=fresh.pk)


def _ordered(targets: list[Booking], shift: timedelta) -> list[tuple[Booking, datetime]]:
    """New starts by the wall clock; moved away from each other first, so that none meets the next."""
    moved = []
    for item in targets:
        zone = ZoneInfo(item.venue.timezone)
        moved.append((item, (item.starts_at.astimezone(zone) + shift).astimezone(UTC)))
    return moved[::-1] if shift > timedelta(0) else moved
