"""What bookings may be refused with."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, Invalid


class SlotTaken(DomainError):
    """Somebody else has it; carries ``alternatives`` once they were worked out."""

    code = "slot_taken"
    message = _("This time is already taken.")


class QuotaReached(DomainError):
    code = "quota_reached"
    message = _("The quota for this kind of room is used up.")


class OutsideWindow(DomainError):
    """Too early or too late to check in; ``opens_at`` and ``closes_at`` in ``data``."""

    code = "wrong_state"
    message = _("Check-in is not open now.")


class RepeatOverlaps(Invalid):
    message = _("The repeated bookings would overlap each other.")


class AlreadyBegun(DomainError):
    code = "wrong_state"
    message = _("This booking has begun; it can only be extended or ended.")
