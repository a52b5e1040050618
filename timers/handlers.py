"""Where timers plug into the lower floor: how states look."""


from core import tones
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
