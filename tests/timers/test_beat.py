"""The beat counts on the monotonic clock, and a worker outlives its broker."""

import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from celery import Celery
from celery.beat import Scheduler
from kombu.exceptions import OperationalError
from kombu.transport import redis

from console.beat import SCHEDULE, SteadyScheduler
from console.broker import LeavingQoS
from timers import dispatch
from timers.claims import Batch, Pending


def app() -> Celery:
    made = Celery("beat-test", set_as_current=False)
    made.conf.beat_schedule = {"dispatch": dict(SCHEDULE["dispatch"])}
    return made


def ticks_after_the_clock_steps_back(kind: type[Scheduler]) -> int:
    """How often a beat sends in the 3 s after the wall clock lost ten minutes."""
    made, steady, sent = app(), time.monotonic(), []
    scheduler = kind(made, lazy=True)
    if kind is Scheduler:
        scheduler.schedule = scheduler.merge_inplace(made.conf.beat_schedule) or scheduler.schedule
    else:
        scheduler.setup_schedule()
    with mock.patch.object(kind, "apply_async", lambda self, entry, **_: sent.append(entry.task)):
        scheduler.tick()
        sent.clear()
        back = datetime.now(UTC) - timedelta(minutes=10)
        for second in (1, 2, 3):
            with (
                mock.patch.object(Celery, "now", lambda self, s=second: back + timedelta(seconds=s)),
                mock.patch("time.monotonic", lambda s=second: steady + s + 0.5),
            ):
                scheduler.tick()
    return len(sent)


def test_a_clock_set_back_does_not_silence_the_beat() -> None:
    assert ticks_after_the_clock_steps_back(SteadyScheduler) == 3


def test_celerys_own_scheduler_falls_silent() -> None:
    """Negative control of the one above."""
    assert ticks_after_the_clock_steps_back(Scheduler) == 0


def test_an_unreachable_broker_does_not_end_the_beat() -> None:
    scheduler = SteadyScheduler(app(), lazy=True)
    scheduler.setup_schedule()
    with mock.patch.object(scheduler, "apply_async", side_effect=OSError("away")):
        assert 0 < scheduler.tick() <= 1


@pytest.mark.parametrize("error", [OperationalError("away"), TimeoutError("no confirm")])
def test_a_tick_without_a_broker_ends_quietly_and_leaves_the_rows_to_their_lease(error: Exception) -> None:
    def publish(_batch: Batch) -> None:
        raise error

    with (
        mock.patch("timers.dispatch._asserted"),
        mock.patch("timers.claims.pending", return_value=Pending(True, False, False)),
        mock.patch("timers.claims.in_flight", return_value=0),
        mock.patch("timers.claims.claim_due", return_value=[Batch("k", "t", [1])]),
    ):
        assert dispatch.tick(publish=publish, publish_drain=lambda: None) == 0


def gone_channel() -> Any:
    """A Redis channel whose connection was cleared while messages were unacknowledged."""
    channel = redis.Channel.__new__(redis.Channel)
    channel.connection = SimpleNamespace(client=None)
    channel._in_poll = channel._pool = None
    return channel


@pytest.mark.parametrize("kind", [LeavingQoS, redis.QoS])
def test_giving_messages_back_to_a_broker_that_is_gone_ends_no_worker(kind: type[redis.QoS]) -> None:
    """With its negative control: kombu's own raises what ended the worker."""
    qos = kind(SimpleNamespace())
    qos.channel = gone_channel()
    if kind is LeavingQoS:
        qos.restore_unacked()
        return
    with pytest.raises(AttributeError):
        qos.restore_unacked()


def test_every_redis_channel_uses_it() -> None:
    assert redis.Channel.QoS is LeavingQoS
