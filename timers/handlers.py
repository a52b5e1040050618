"""Where timers plug into the lower floor: how states look, what the ledger checks."""

from collections.abc import Iterator

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from core import tones
from core.ledger import Drift
from timers import registry
from timers.models import OutboxMessage, Timer

State = Timer.State
_TIMER_LOOKS = (
    (State.SCHEDULED, "schedule", tones.INFO),
    (State.LEASED, "bolt", tones.WARN),
    (State.FIRED, "check", tones.NEUTRAL),
    (State.SKIPPED, "skip_next", tones.MUTED),
    (State.CANCELLED, "cancel", tones.MUTED),
    (State.DEAD, "error", tones.BAD),
)
_OUTBOX_LOOKS = (
    (OutboxMessage.State.WAITING, "outbox", tones.INFO),
    (OutboxMessage.State.SENT, "check", tones.NEUTRAL),
    (OutboxMessage.State.DEAD, "error", tones.BAD),
)


def register_looks() -> None:
    """The word, icon and tone of each state."""
    for state, icon, tone in _TIMER_LOOKS:
        tones.register("timers.timer", state, state.label, icon, tone)
    for sent, icon, tone in _OUTBOX_LOOKS:
        tones.register("timers.outboxmessage", sent, sent.label, icon, tone)


def drifts() -> Iterator[Drift]:
    """Rows that break the engine's invariants: unanswered kinds, wrong keys, early or doubtful endings."""
    for timer in _of_unknown_kind():
        yield _drift(timer, "no handler is registered for its kind")
    live = Timer.objects.filter(state__in=Timer.LIVE)
    expected = Concat("kind", Value(":"), "subject_type", Value(":"), Cast("subject_id", CharField()))
    for timer in live.annotate(expected=expected).exclude(open_key=F("expected")).iterator():
        yield _drift(timer, "its key does not belong to its subject")
    for timer in Timer.objects.filter(state=State.FIRED, fired_at__lt=F("due_at")).iterator():
        yield _drift(timer, "it fired before it was due")
    for timer in Timer.objects.filter(state=State.FIRED, fired_at=None).iterator():
        yield _drift(timer, "it fired at no known time")
    for timer in Timer.objects.filter(state=State.LEASED, lease_until=None).iterator():
        yield _drift(timer, "it is leased for ever")


def _of_unknown_kind() -> Iterator[Timer]:
    live = Timer.objects.filter(state__in=Timer.LIVE)
    known = [kind.name for kind in registry.all_kinds()]
    return live.exclude(kind__in=known).iterator()


def _drift(timer: Timer, text: str) -> Drift:
    return Drift(f"timers.timer:{timer.pk}", f"{timer}: {text}", {"timer": timer.pk, "state": timer.state})
