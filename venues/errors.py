"""Why a room cannot be had at a time."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, NotAllowed


class Closed(DomainError):
    """A closure covers part of it; ``reason`` in ``data`` is the message staff wrote."""

    code = "closed"
    message = _("Closed at that time.")


class OutsideHours(DomainError):
    code = "outside_hours"
    message = _("Outside the opening hours.")


class TooSoon(DomainError):
    code = "too_soon"
    message = _("Too soon: it is past, or closer than the minimum notice.")


class TooLate(DomainError):
    code = "too_late"
    message = _("Further ahead than can be booked.")


class TooLong(DomainError):
    code = "too_long"
    message = _("Longer than this room can be booked for.")


class PlanRequired(NotAllowed):
    code = "plan_required"
    message = _("This room is for members with a certain plan.")
