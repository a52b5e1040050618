"""Threads on the real database: firing against cancelling, two dispatchers, one message twice."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from tests.timers import probe
from tests.timers.conftest import probe_table
from timers import claims, dbclock, engine, services
from timers.claims import Batch
from timers.models import Timer

__all__ = ["probe_table"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("probe_table", "clean_probes")]
S = timedelta(seconds=1)
State = Timer.State


@pytest.fixture
def clean_probes(db: None) -> Iterator[None]:
    probe.Probe.objects.all().delete()
    yield
    probe.Probe.objects.all().delete()


def arm(count: int, kind: str = probe.EXPIRE) -> list[probe.Probe]:
    at = dbclock.now()
    probe.Probe.objects.bulk_create([probe.Probe(due_at=at - S) for _ in range(count)])
    rows = list(probe.Probe.objects.order_by("pk"))
    services.schedule_many(kind=kind, wanted=[services.Wanted(row, at - S) for row in rows], at=at)
    return rows


def together(*jobs: Callable[[], None]) -> None:
    """Run the jobs at the same time, each in a thread with its own connection."""
    gate, failures = Barrier(len(jobs)), []

    def run(job: Callable[[], None]) -> None:
        try:
            gate.wait(10)
            job()
        except BaseException as error:
            failures.append(error)
            raise
        finally:
            connection.close()

    threads = [Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(50)
    assert failures == []


def fire(batch: Batch) -> int:
    return engine.fire(kind=batch.kind, token=batch.token, ids=batch.ids)


def effects() -> list[int]:
    return list(probe.Probe.objects.order_by("pk").values_list("fired", flat=True))


def test_a_timer_is_either_fired_or_cancelled() -> None:
    """For each of 60 timers a firing and a cancelling thread start at the same instant."""
    subjects = arm(60)
    batches = {batch.ids[0]: batch for _ in subjects for batch in claims.claim_due(size=1)}
    pairs = list(zip(subjects, [batches[pk] for pk in sorted(batches)], strict=True))
    step, cancelled = Barrier(2), []

    def cancel_each() -> None:
        for subject, _batch in pairs:
            step.wait(10)
            cancelled.append(services.cancel(kind=probe.EXPIRE, subject=subject))

    def fire_each() -> None:
        for _subject, batch in pairs:
            step.wait(10)
            fire(batch)

    together(cancel_each, fire_each)
    assert effects() == [int(not done) for done in cancelled]


@pytest.mark.parametrize("guarded", [True, False])
def test_a_message_of_a_cancelled_timer_fires_only_without_the_token(
    monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """With its negative control: the same without the check of token and state."""
    subjects = arm(20)
    (batch,) = claims.claim_due()
    assert all(services.cancel(kind=probe.EXPIRE, subject=row) for row in subjects)
    if not guarded:
        monkeypatch.setattr(engine, "_held", lambda token: Timer.objects.all())
    fire(batch)
    assert effects() == [0 if guarded else 1] * 20


def dispatch_by(count: int) -> list[int]:
    """Dispatchers claim small batches until nothing is due; answers every id that was taken."""
    taken: list[int] = []

    def work() -> None:
        while batches := claims.claim_due(size=7):
            for batch in batches:
                taken.extend(batch.ids)
                fire(batch)

    together(*[work] * count)
    return taken


@pytest.mark.parametrize("dispatchers", [2, 4])
def test_dispatchers_share_the_work_and_take_nothing_twice(dispatchers: int) -> None:
    arm(300)
    taken = dispatch_by(dispatchers)
    assert (len(taken), len(set(taken))) == (300, 300)
    assert effects() == [1] * 300
    assert Timer.objects.filter(state=State.FIRED).count() == 300


def same_message_many_times(copies: int) -> list[int]:
    arm(50)
    (batch,) = claims.claim_due()
    together(*[lambda: fire(batch)] * copies)
    return effects()


def test_one_message_delivered_eight_times_takes_effect_once() -> None:
    assert same_message_many_times(8) == [1] * 50


def test_without_the_token_a_repeated_message_takes_effect_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control of the one above."""
    monkeypatch.setattr(engine, "_held", lambda token: Timer.objects.all())
    assert same_message_many_times(8) == [8] * 50


def test_many_threads_arm_one_subject_and_one_timer_lives() -> None:
    (subject,) = arm(1)
    at = dbclock.now()

    def schedule() -> None:
        for n in range(10):
            services.schedule(kind=probe.EXPIRE, subject=subject, due_at=at + n * S, at=at)

    together(*[schedule] * 6)
    assert Timer.objects.filter(state=State.SCHEDULED).count() == 1
