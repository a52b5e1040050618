"""What staff may do to one timer or message. Each leaves an audit entry."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from core import audit
from core.transactions import lock_one, unit
from timers import rules
from timers.dbclock import DatabaseNow
from timers.errors import AnotherIsLive, TimerNotDead, TimerNotLive
from timers.models import OutboxMessage, Timer

State = Timer.State
_FREE: Mapping[str, Any] = {"lease_token": "", "lease_until": None}


@unit
def fire_now(*, timer_id: int, by: Any, reason: str = "") -> Timer:
    """Make a live timer due at once; the next tick fires it. Raises TimerNotLive (409)."""
    timer = _live(timer_id)
    Timer.objects.filter(pk=timer.pk).update(state=State.SCHEDULED, due_at=DatabaseNow(), wall_clock="", **_FREE)
    audit.record(
        actor=by, action="timer.fire_now", subject=timer, before={"due_at": timer.due_at},
        after={"due_at": "now"}, reason=reason,
    )  # fmt: skip
    return timer


@unit
def cancel(*, timer_id: int, by: Any, reason: str = "") -> Timer:
    """Disarm one live timer by hand. Raises TimerNotLive (409)."""
    timer = _live(timer_id)
    Timer.objects.filter(pk=timer.pk).update(state=State.CANCELLED, open_key=None, **_FREE)
    _record(timer, by, "timer.cancel", State.CANCELLED, reason)
    return timer


@unit
def redrive(*, timer_id: int, by: Any, reason: str = "") -> Timer:
    """Try a dead timer again, with all its attempts.

    Raises TimerNotDead, or AnotherIsLive where the subject was armed again meanwhile (409).
    """
    timer = lock_one(Timer.objects.all(), timer_id)
    if timer is None or timer.state != State.DEAD:
        raise TimerNotDead()
    key = rules.open_key(timer.kind, timer.subject_type, timer.subject_id)
    try:
        with transaction.atomic():
            Timer.objects.filter(pk=timer.pk).update(state=State.SCHEDULED, open_key=key, attempts=0, **_FREE)
    except IntegrityError as error:
        raise AnotherIsLive() from error
    _record(timer, by, "timer.redrive", State.SCHEDULED, reason)
    return timer


@unit
def resend(*, message_id: int, by: Any, reason: str = "") -> OutboxMessage:
    """Try a dead message again. Raises TimerNotDead (409)."""
    message = lock_one(OutboxMessage.objects.all(), message_id)
    if message is None or message.state != OutboxMessage.State.DEAD:
        raise TimerNotDead()
    waiting = OutboxMessage.State.WAITING
    OutboxMessage.objects.filter(pk=message.pk).update(state=waiting, attempts=0, next_at=DatabaseNow())
    audit.record(
        actor=by, action="outbox.resend", subject=message, before={"state": message.state},
        after={"state": waiting}, reason=reason,
    )  # fmt: skip
    return message


def _live(timer_id: int) -> Timer:
    timer = lock_one(Timer.objects.all(), timer_id)
    if timer is None or timer.state not in Timer.LIVE:
        raise TimerNotLive()
    return timer


def _record(timer: Timer, by: Any, action: str, state: str, reason: str) -> None:
    audit.record(
        actor=by, action=action, subject=timer, before={"state": timer.state}, after={"state": state}, reason=reason
    )
