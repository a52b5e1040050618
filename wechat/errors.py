"""What WeChat's mini-program APIs refuse."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, Unavailable


class CodeRefused(DomainError):
    """40029, 40163: the log-in code is wrong, used or old."""

    code = "code_invalid"
    status = 401
    message = _("WeChat does not accept this code.")


class RiskRefused(DomainError):
    """40226: WeChat's risk control turned this user away."""

    code = "code_risk"
    status = 403
    message = _("WeChat refuses this log-in for reasons of risk.")


class TooFast(DomainError):
    """45011: too many calls a minute for this user."""

    code = "throttled"
    status = 429
    message = _("Too many requests; please wait.")


class WechatAway(Unavailable):
    message = _("WeChat does not answer; please try again.")
