from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from tests.timers import probe
from timers import archive, claims, dbclock, dispatch, engine, outbox, rules, services
from timers.models import ArchivedTimer, OutboxMessage, Timer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probe_table")]
S = timedelta(seconds=1)
State = Timer.State


def run() -> int:
    """Dispatch and fire in this thread; answers how many took effect."""
    done = []
    dispatch.tick(
        publish=lambda b: done.append(engine.fire(kind=b.kind, token=b.token, ids=b.ids)),
        publish_drain=outbox.drain,
    )
    return sum(done)


def arm(kind: str, due: timedelta, **more: Any) -> probe.Probe:
    at = dbclock.now()
    subject = probe.Probe.objects.create(due_at=at + due, open=more.pop("open", True))
    services.schedule(kind=kind, subject=subject, due_at=at + due, at=at, **more)
    return subject


def fired(subject: probe.Probe) -> int:
    subject.refresh_from_db()
    return subject.fired


def test_what_is_due_fires_once_and_what_is_not_waits() -> None:
    due, later = arm(probe.EXPIRE, -S), arm(probe.EXPIRE, 60 * S)
    assert (run(), run(), fired(due), fired(later)) == (1, 0, 1, 0)
    timer = Timer.objects.get(subject_id=due.pk)
    assert (timer.state, timer.open_key) == (State.FIRED, None)
    assert 1000 <= timer.lateness_ms < 60_000


def test_a_moved_clock_fires_early_for_the_world_but_never_for_atrium(tmp_path: Any, settings: Any) -> None:
    settings.CLOCK_FILE = tmp_path / "clock.json"
    subject = arm(probe.EXPIRE, 600 * S)
    assert run() == 0
    clock.set_offset(timedelta(minutes=11))
    assert (run(), fired(subject)) == (1, 1)


def test_a_clock_that_steps_back_after_the_claim_gives_the_timer_back(tmp_path: Any, settings: Any) -> None:
    settings.CLOCK_FILE = tmp_path / "clock.json"
    subject = arm(probe.EXPIRE, 60 * S)
    clock.set_offset(timedelta(minutes=2))
    (batch,) = claims.claim_due()
    clock.set_offset(timedelta(0))
    assert engine.fire(kind=batch.kind, token=batch.token, ids=batch.ids) == 0
    timer = Timer.objects.get()
    assert (fired(subject), timer.state, timer.attempts) == (0, State.SCHEDULED, 0)


def test_guard_lateness_and_a_gone_subject_skip() -> None:
    at = dbclock.now()
    shut = arm(probe.EXPIRE, -S, open=False)
    noise = arm(probe.REMIND, -60 * S, skip_after=at - S)
    useful = arm(probe.REMIND, -60 * S, skip_after=at + 60 * S)
    gone = arm(probe.EXPIRE, -S)
    gone.delete()
    assert run() == 1
    assert [fired(s) for s in (shut, noise, useful)] == [0, 0, 1]
    assert Timer.objects.filter(state=State.SKIPPED).count() == 3


def test_a_lost_message_comes_back_with_the_lease_and_its_old_token_is_worthless() -> None:
    subject = arm(probe.EXPIRE, -S)
    (lost,) = claims.claim_due()
    assert run() == 0
    Timer.objects.update(lease_until=dbclock.now() - S)
    assert run() == 1
    assert engine.fire(kind=lost.kind, token=lost.token, ids=lost.ids) == 0
    assert fired(subject) == 1


@pytest.mark.parametrize("change", ["cancel", "reschedule"])
def test_cancel_and_reschedule_win_over_a_claimed_timer(change: str) -> None:
    subject = arm(probe.EXPIRE, -S)
    (batch,) = claims.claim_due()
    more: dict[str, Any] = {} if change == "cancel" else {"due_at": dbclock.now() + 60 * S, "at": dbclock.now()}
    action: Callable[..., bool] = getattr(services, change)
    assert action(kind=probe.EXPIRE, subject=subject, **more)
    assert engine.fire(kind=batch.kind, token=batch.token, ids=batch.ids) == 0
    assert fired(subject) == 0


def test_one_failing_timer_holds_up_no_other_and_ends_dead() -> None:
    good = arm(probe.BROKEN, -S, payload={"mended": True})
    bad = arm(probe.BROKEN, -S)
    assert (run(), fired(good), fired(bad)) == (1, 1, 0)
    timer = Timer.objects.get(subject_id=bad.pk)
    assert (timer.state, timer.attempts, timer.lease_token) == (State.LEASED, 1, "")
    assert S <= timer.lease_until - dbclock.now() + S / 2 <= 3 * S
    for _ in range(rules.MAX_ATTEMPTS - 1):
        Timer.objects.filter(pk=timer.pk).update(lease_until=dbclock.now() - S)
        assert run() == 0
    timer.refresh_from_db()
    assert (timer.state, timer.open_key, fired(bad)) == (State.DEAD, None, 0)
    assert timer.error == "RuntimeError: the handler is broken"


def test_a_timer_that_kills_its_worker_ten_times_is_given_up() -> None:
    arm(probe.EXPIRE, -S)
    claims.claim_due()
    for _ in range(rules.MAX_ATTEMPTS):
        Timer.objects.filter(state=State.LEASED).update(lease_until=dbclock.now() - S)
        claims.claim_lapsed()
    assert Timer.objects.get().state == State.DEAD


def test_fire_many_takes_a_batch_in_six_statements() -> None:
    for _ in range(50):
        arm(probe.BULK, -S)
    (batch,) = claims.claim_due()
    with CaptureQueriesContext(connection) as seen:
        assert engine.fire(kind=batch.kind, token=batch.token, ids=batch.ids) == 50
    assert len([q for q in seen if "SAVEPOINT" not in q["sql"]]) == 5
    assert set(probe.Probe.objects.values_list("fired", flat=True)) == {1}


def test_an_idle_tick_is_one_query() -> None:
    arm(probe.EXPIRE, 60 * S)
    run()
    with CaptureQueriesContext(connection) as seen:
        run()
    assert len(seen) == 1


def test_finished_timers_are_archived_and_live_and_dead_ones_stay() -> None:
    for _ in range(3):
        arm(probe.EXPIRE, -S)
    assert run() == 3
    live = arm(probe.EXPIRE, -S)
    at = dbclock.now()
    assert archive.archive(at=at) == 0
    assert archive.archive(at=at + timedelta(days=8)) == 3
    assert ArchivedTimer.objects.count() == 3
    assert Timer.objects.get().subject_id == live.pk


def test_the_outbox_sends_once_a_key_retries_and_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_senders", {})
    sent: list[str] = []
    broken = {"b": True}

    def send(payload: Any, key: str) -> None:
        if broken.get(key):
            raise ConnectionError("away")
        sent.append(key)

    outbox.register("probe", send)
    at = dbclock.now() - S
    for key in ("a", "a", "b"):
        outbox.enqueue(key=key, topic="probe", payload={"n": 1}, at=at)
    run()
    assert sent == ["a"]
    for _ in range(rules.MAX_ATTEMPTS):
        OutboxMessage.objects.filter(state="waiting").update(next_at=at)
        run()
    assert dict(OutboxMessage.objects.values_list("key", "state")) == {"a": "sent", "b": "dead"}
    with pytest.raises(LookupError):
        outbox.enqueue(key="c", topic="nobody", payload={}, at=at)
