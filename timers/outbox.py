"""Messages that must leave: written with their cause, sent afterwards, at least once, keyed."""

import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from core.transactions import unit
from timers import rules
from timers.dbclock import DatabaseNow
from timers.models import OutboxMessage

log = logging.getLogger(__name__)

Sender = Callable[[Mapping[str, Any], str], None]
KEY_LENGTH = 160
BATCH = 50
LEASE = timedelta(seconds=120)
_senders: dict[str, Sender] = {}


def register(topic: str, sender: Sender) -> None:
    """Announce who sends a topic. ``sender(payload, key)`` runs outside any transaction and may
    run again with the same key after a crash; it raises where sending failed.
    """
    known = _senders.get(topic)
    if known is not None and known is not sender:
        raise ValueError(f"{topic} already has a sender")
    _senders[topic] = sender


def sender_of(topic: str) -> Sender:
    """Who sends a topic. Raises LookupError."""
    try:
        return _senders[topic]
    except KeyError:
        raise LookupError(f"no sender is registered for {topic}") from None


def enqueue(*, key: str, topic: str, payload: Mapping[str, Any], at: datetime) -> None:
    """Write a message in the caller's transaction; a key that was written before changes nothing.

    ``payload`` is JSON-able and holds ids rather than personal data. Raises LookupError for a
    topic without a sender, ValueError for a key beyond 160 characters.
    """
    sender_of(topic)
    if not 0 < len(key) <= KEY_LENGTH:
        raise ValueError(f"an outbox key has 1 to {KEY_LENGTH} characters: {key!r}")
    row = OutboxMessage(key=key, topic=topic, payload=dict(payload), next_at=at, created_at=at)
    OutboxMessage.objects.bulk_create([row], ignore_conflicts=True)


@dataclass(frozen=True)
class Drained:
    """What one drain did."""

    sent: int
    failed: int


def drain(*, limit: int = 500) -> Drained:
    """Send what waits, each outside any transaction; a failure waits longer each time, then is dead.

    A crash between sending and recording sends again: at least once, with the same key.
    """
    sent = failed = 0
    while sent + failed < limit and (rows := _claim(min(BATCH, limit - sent - failed))):
        for row in rows:
            done = _send(row)
            sent, failed = sent + done, failed + (not done)
    return Drained(sent, failed)


@unit
def _claim(size: int) -> list[OutboxMessage]:
    """Take waiting messages by moving their next attempt beyond the lease."""
    waiting = OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING, next_at__lte=DatabaseNow())
    waiting = waiting.order_by("next_at", "id")
    if connection.features.has_select_for_update_skip_locked:
        waiting = waiting.select_for_update(skip_locked=True)
    rows, token = list(waiting[:size]), uuid.uuid4().hex
    OutboxMessage.objects.filter(pk__in=[row.pk for row in rows]).update(
        lease_token=token, next_at=DatabaseNow() + LEASE, attempts=F("attempts") + 1
    )
    for row in rows:
        row.lease_token, row.attempts = token, row.attempts + 1
    return rows


def _send(row: OutboxMessage) -> bool:
    try:
        sender_of(row.topic)(row.payload, row.key)
    except Exception as error:
        log.warning("outbox.failed topic=%s message=%s", row.topic, row.pk, exc_info=True)
        _postpone(row, f"{type(error).__name__}: {error}"[:2000])
        return False
    _mine(row).update(state=OutboxMessage.State.SENT, sent_at=DatabaseNow(), error="", lease_token="")
    return True


def _postpone(row: OutboxMessage, error: str) -> None:
    dead = row.attempts >= rules.MAX_ATTEMPTS
    state = OutboxMessage.State.DEAD if dead else OutboxMessage.State.WAITING
    wait = rules.backoff(row.attempts)
    _mine(row).update(state=state, error=error, lease_token="", next_at=DatabaseNow() + wait)


def _mine(row: OutboxMessage) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(pk=row.pk, lease_token=row.lease_token)
