"""What orders may be refused with."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, Invalid


class EmptyOrder(Invalid):
    message = _("An order needs at least one line.")


class OneVenue(Invalid):
    message = _("All lines of an order belong to one venue.")


class UnknownKind(Invalid):
    message = _("There is no such kind of line.")


class CouponUnusable(DomainError):
    code = "coupon_unusable"
    message = _("This coupon cannot be used here.")


class AwaitingApproval(DomainError):
    code = "wrong_state"
    message = _("This order waits for approval; it can be paid afterwards.")


class TooMuch(DomainError):
    code = "too_much"
    message = _("More than is still to be paid.")


class RefundDone(DomainError):
    code = "wrong_state"
    message = _("This refund was handed out already.")
