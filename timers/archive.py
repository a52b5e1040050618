"""Finished timers leave the table of live ones in batches, and sent messages go."""

from datetime import datetime, timedelta

from core.transactions import unit
from timers.models import ArchivedTimer, OutboxMessage, Timer

KEEP_FINISHED = timedelta(days=7)
KEEP_ARCHIVE = timedelta(days=365)
BATCH = 500
_DONE = (Timer.State.FIRED, Timer.State.SKIPPED, Timer.State.CANCELLED)
_FIELDS = [field.attname for field in ArchivedTimer._meta.concrete_fields]


def archive(*, at: datetime, limit: int = 50_000) -> int:
    """Move timers that were due over 7 days ago and are finished; dead ones stay for a person.

    Sent messages older than that are deleted, archived timers after a year. Answers how many
    timers were moved.
    """
    moved, before = 0, at - KEEP_FINISHED
    for state in _DONE:
        while moved < limit and (count := _move(state, before)):
            moved += count
    while _forget_sent(before):
        pass
    while _forget_archived(at - KEEP_ARCHIVE):
        pass
    return moved


@unit
def _move(state: str, before: datetime) -> int:
    rows = list(Timer.objects.filter(state=state, due_at__lt=before).order_by("due_at", "id").values(*_FIELDS)[:BATCH])
    ArchivedTimer.objects.bulk_create([ArchivedTimer(**row) for row in rows], ignore_conflicts=True)
    Timer.objects.filter(pk__in=[row["id"] for row in rows]).delete()
    return len(rows)


@unit
def _forget_sent(before: datetime) -> int:
    old = OutboxMessage.objects.filter(state=OutboxMessage.State.SENT, next_at__lt=before).order_by("next_at", "id")
    ids = list(old.values_list("pk", flat=True)[:BATCH])
    return OutboxMessage.objects.filter(pk__in=ids).delete()[0] if ids else 0


@unit
def _forget_archived(before: datetime) -> int:
    """Ids grow with time, so the oldest are the first of the primary key."""
    oldest = ArchivedTimer.objects.order_by("pk").values_list("pk", "due_at")[:BATCH]
    ids = [pk for pk, due_at in oldest if due_at < before]
    return ArchivedTimer.objects.filter(pk__in=ids).delete()[0] if ids else 0
