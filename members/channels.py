"""Ways in which a member's message travels beyond the in-app inbox (mail, WeChat).

A channel is announced once; every new message is then handed to it by the outbox: at least
once, after the commit, with retries, apart from every other channel.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from members.models import InboxMessage
from timers import outbox

Deliver = Callable[[InboxMessage], None]
"""Sends one message; raises where sending failed. May be called twice for one message."""

_names: list[str] = []


def register(name: str, deliver: Deliver) -> None:
    """Announce a channel. Raises ValueError where the name is taken."""

    def send(payload: Mapping[str, Any], key: str) -> None:
        message = InboxMessage.objects.select_related("member").filter(pk=payload["message"]).first()
        if message is not None:
            deliver(message)

    outbox.register(_topic(name), send)
    _names.append(name)


def forget(name: str) -> None:
    """Stop handing messages to a channel (tests)."""
    _names.remove(name)


def hand_over(message: InboxMessage, at: datetime) -> None:
    """Write a new message into the outbox of every channel; in the caller's transaction."""
    for name in _names:
        key = f"{name}:{message.pk}"
        outbox.enqueue(key=key, topic=_topic(name), payload={"message": message.pk}, at=at)


def _topic(name: str) -> str:
    return f"members.message.{name}"
