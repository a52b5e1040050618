"""Timers that follow a local time keep following it when a zone's rules change."""

from core.transactions import unit
from timers import rules
from timers.models import Timer

_BATCH = 500


def follow() -> int:
    """Compute the due time of every scheduled wall-clock timer again; answers how many moved."""
    moved, last = 0, 0
    rows = Timer.objects.filter(state=Timer.State.SCHEDULED).exclude(wall_clock="").order_by("pk")
    while page := list(rows.filter(pk__gt=last)[:_BATCH]):
        moved += _move(page)
        last = page[-1].pk
    return moved


@unit
def _move(page: list[Timer]) -> int:
    """Only a timer that still has the wall clock that was read is moved."""
    moved = 0
    for timer in page:
        due_at = rules.due_at(timer.wall_clock, timer.zone)
        if due_at != timer.due_at:
            same = Timer.objects.filter(pk=timer.pk, state=Timer.State.SCHEDULED, wall_clock=timer.wall_clock)
            moved += same.update(due_at=due_at)
    return moved
