"""What timers may refuse."""

from django.utils.translation import gettext_lazy as _

from core.errors import Invalid, WrongState


class BadWallClock(Invalid):
    code = "bad_wall_clock"
    message = _("This is not a local time in a known time zone.")


class TimerNotLive(WrongState):
    code = "timer_not_live"
    message = _("This timer has already fired or was cancelled.")


class TimerNotDead(WrongState):
    code = "timer_not_dead"
    message = _("Only a timer that was given up can be tried again.")


class AnotherIsLive(WrongState):
    code = "another_is_live"
    message = _("The subject has another live timer of this kind.")
