"""Firing: one transaction a batch, subject locked before timer, its effect exactly once."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, F, Func, QuerySet, Value

from core.transactions import lock, unit
from timers import registry, rules
from timers.dbclock import DatabaseNow
from timers.models import Timer
from timers.registry import TimerKind

log = logging.getLogger(__name__)
Pair = tuple[Any, Timer]
ERROR_LENGTH = 2000


class LatenessMs(Func):
    """Whole milliseconds between a row's due time and the moment it fires."""

    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        shape = "CAST((julianday(%(expressions)s) - julianday(due_at)) * 86400000 AS INTEGER)"
        return self.as_sql(compiler, connection, template=shape, **extra)

    def as_mysql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        shape = "TIMESTAMPDIFF(MICROSECOND, due_at, %(expressions)s) DIV 1000"
        return self.as_sql(compiler, connection, template=shape, **extra)


def fire(*, kind: str, token: str, ids: Sequence[int]) -> int:
    """Fire a leased batch of one kind; answers how many timers took effect.

    If one of them fails the batch is undone and fired one by one, so that only the failing
    one waits for its next attempt.
    """
    handler = registry.find(kind)
    if handler is None:
        _fail(ids, token, f"no handler is registered for timers of kind {kind}")
        return 0
    if len(ids) > 1:
        try:
            return fire_batch(handler, token, ids)
        except Exception:
            log.warning("timers.batch_failed kind=%s count=%s", kind, len(ids), exc_info=True)
    return sum(_fire_alone(handler, token, pk) for pk in ids)


def _fire_alone(handler: TimerKind, token: str, pk: int) -> int:
    try:
        return fire_batch(handler, token, [pk])
    except Exception as error:
        log.warning("timers.failed kind=%s timer=%s", handler.name, pk, exc_info=True)
        _fail([pk], token, f"{type(error).__name__}: {error}")
        return 0


@unit
def fire_batch(handler: TimerKind, token: str, ids: Sequence[int]) -> int:
    """Lock subjects, then timers; check token, time and guard; apply. All or nothing."""
    mine = _held(token).filter(pk__in=ids)
    wanted = sorted({int(pk) for pk in mine.values_list("subject_id", flat=True)})
    subjects = {row.pk: row for row in _locked(handler, wanted)}
    timers = lock(_held(token).filter(kind=handler.name).annotate(now=DatabaseNow()), ids)
    if not timers:
        return 0
    at: datetime = timers[0].now  # type: ignore[attr-defined]
    _give_back([timer for timer in timers if timer.due_at > at])
    pairs, skipped = _sort_out(handler, subjects, [timer for timer in timers if timer.due_at <= at], at)
    for why, rows in skipped.items():
        _finish(rows, Timer.State.SKIPPED, at, why)
    _finish([timer for _subject, timer in pairs], Timer.State.FIRED, at)
    _apply(handler, pairs, at)
    return len(pairs)


def _held(token: str) -> QuerySet[Timer]:
    return Timer.objects.filter(state=Timer.State.LEASED, lease_token=token)


def _locked(handler: TimerKind, ids: Sequence[int]) -> Sequence[Any]:
    if handler.locks is not None:
        return handler.locks(ids)
    return lock(handler.subject_model._base_manager.all(), ids)


def _sort_out(
    handler: TimerKind, subjects: dict[int, Any], timers: Sequence[Timer], at: datetime
) -> tuple[list[Pair], dict[str, list[Timer]]]:
    """Which are fired with what subject, and which are skipped why."""
    pairs: list[Pair] = []
    skipped: dict[str, list[Timer]] = {}
    for timer in timers:
        subject = subjects.get(timer.subject_id)
        why = _why_not(handler, subject, timer, at)
        if why:
            skipped.setdefault(why, []).append(timer)
        else:
            pairs.append((subject, timer))
    return pairs, skipped


def _why_not(handler: TimerKind, subject: Any, timer: Timer, at: datetime) -> str:
    if subject is None:
        return "the subject is gone"
    if timer.late_policy == Timer.Late.SKIP_IF_AFTER and timer.skip_after and at > timer.skip_after:
        return "too late to be of use"
    if handler.guard is not None and not handler.guard(subject, timer, at):
        return "no longer applies"
    return ""


def _apply(handler: TimerKind, pairs: Sequence[Pair], at: datetime) -> None:
    if handler.fire_many is not None and pairs:
        handler.fire_many(pairs, at)
        return
    for subject, timer in pairs:
        handler.fire(subject, timer, at)


def _finish(timers: Sequence[Timer], state: Timer.State, at: datetime, why: str = "") -> None:
    """Close the rows before the handlers run, so that a handler may arm the same kind again."""
    if timers:
        Timer.objects.filter(pk__in=[timer.pk for timer in timers]).update(
            state=state,
            open_key=None,
            lease_token="",
            lease_until=None,
            fired_at=at,
            lateness_ms=LatenessMs(Value(_plain(at))),
            error=why,
        )


def _plain(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")


def _give_back(timers: Sequence[Timer]) -> None:
    """The clock stepped back after the claim: never early, so they wait again."""
    if timers:
        Timer.objects.filter(pk__in=[timer.pk for timer in timers]).update(
            state=Timer.State.SCHEDULED, lease_token="", lease_until=None, attempts=F("attempts") - 1
        )


@unit
def _fail(ids: Sequence[int], token: str, error: str) -> None:
    """Wait for the next attempt, or give up: the row then waits in the console for a person."""
    for timer in lock(_held(token), ids):
        timer.error = error[:ERROR_LENGTH]
        timer.lease_token = ""
        if timer.attempts >= rules.MAX_ATTEMPTS:
            timer.state, timer.open_key, timer.lease_until = Timer.State.DEAD, None, None
            timer.save(update_fields=["error", "lease_token", "state", "open_key", "lease_until"])
            continue
        Timer.objects.filter(pk=timer.pk).update(
            error=timer.error, lease_token="", lease_until=DatabaseNow() + rules.backoff(timer.attempts)
        )
