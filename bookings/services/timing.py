"""The timers of confirmed bookings: reminder, no-show release, completion."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bookings import rules
from bookings.models import Booking
from timers import services as timers
from timers.services import Wanted

KINDS = ("bookings.remind", "bookings.no_show", "bookings.complete")


def arm(bookings: Sequence[Booking], *, at: datetime) -> None:
    """Arm what confirmed bookings need; three inserts however many they are."""
    wanted: dict[str, list[Wanted]] = {kind: [] for kind in KINDS}
    for booking in bookings:
        wanted["bookings.complete"].append(Wanted(booking, booking.ends_at, reason=booking.code))
        remind_at = booking.starts_at - timedelta(minutes=int(booking.policy.get("reminder_minutes", 60)))
        if remind_at > at and booking.member_id:
            wanted["bookings.remind"].append(
                Wanted(booking, remind_at, reason=booking.code, skip_after=booking.starts_at)
            )
        release_at = rules.no_show_at(booking.policy, booking.starts_at, booking.ends_at)
        if release_at and booking.status == Booking.Status.CONFIRMED:
            wanted["bookings.no_show"].append(Wanted(booking, release_at, reason=booking.code))
    for kind, rows in wanted.items():
        if rows:
            timers.schedule_many(kind=kind, wanted=rows, at=at)


def disarm(booking: Booking) -> None:
    """Cancel whatever is still to come."""
    for kind in KINDS:
        timers.cancel(kind=kind, subject=booking)
