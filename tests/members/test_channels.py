"""A message goes to the inbox once, and to every channel at least once after the commit."""

from collections.abc import Iterator

import pytest

from core import clock
from members import channels, services
from members.models import InboxMessage
from tests import factories
from timers.models import OutboxMessage

SENT: list[int] = []


@pytest.fixture
def letters(db: None) -> Iterator[list[int]]:
    SENT.clear()
    channels.register("letters", deliver)
    yield SENT
    channels.forget("letters")


def deliver(message: InboxMessage) -> None:
    SENT.append(message.pk)


def test_a_new_message_is_handed_to_the_channel_once(letters: list[int]) -> None:
    who = factories.member()
    for _ in range(2):
        services.notify(member=who, kind="k", key="only-once", title="Hello", at=clock.now())
    waiting = OutboxMessage.objects.get(topic="members.message.letters")
    channels.outbox.sender_of(waiting.topic)(waiting.payload, waiting.key)
    assert letters == [InboxMessage.objects.get().pk]


def test_without_a_channel_nothing_waits(db: None) -> None:
    services.notify(member=factories.member(), kind="k", key="alone", title="Hello", at=clock.now())
    assert OutboxMessage.objects.count() == 0
