"""Messages that must leave: written with their cause, sent afterwards, at least once, keyed."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from timers.models import OutboxMessage

Sender = Callable[[Mapping[str, Any], str], None]
KEY_LENGTH = 160
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
