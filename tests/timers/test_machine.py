"""Any order of scheduling, cancelling, firing and crashing keeps the promise."""

from datetime import timedelta
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core import clock
from tests.timers import probe
from timers import claims, dbclock, engine, services
from timers.claims import Batch
from timers.models import Timer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probe_table")]
MINUTE = timedelta(minutes=1)
SUBJECTS = st.integers(0, 2)
MINUTES = st.integers(-3, 30)


class TimerMachine(RuleBasedStateMachine):
    """The model: when each subject's live timer is due, how often each should have fired."""

    @initialize()
    def begin(self) -> None:
        Timer.objects.all().delete()
        probe.Probe.objects.all().delete()
        self.minutes = 0
        self.base = dbclock.now()
        self.subjects = [probe.Probe.objects.create() for _ in range(3)]
        self.live: dict[int, int] = {}
        self.fired = [0, 0, 0]
        self.batches: list[Batch] = []

    def offset(self) -> timedelta:
        return self.minutes * MINUTE

    @rule(subject=SUBJECTS, minutes=MINUTES)
    def schedule(self, subject: int, minutes: int) -> None:
        due = self.minutes + minutes
        services.schedule(
            kind=probe.EXPIRE, subject=self.subjects[subject], due_at=self.base + due * MINUTE, at=self.base
        )
        self.live[subject] = due

    @rule(subject=SUBJECTS)
    def cancel(self, subject: int) -> None:
        done = services.cancel(kind=probe.EXPIRE, subject=self.subjects[subject])
        assert done is (self.live.pop(subject, None) is not None)

    @rule(subject=SUBJECTS, minutes=MINUTES)
    def reschedule(self, subject: int, minutes: int) -> None:
        due = self.minutes + minutes
        done = services.reschedule(
            kind=probe.EXPIRE, subject=self.subjects[subject], due_at=self.base + due * MINUTE, at=self.base
        )
        assert done is (subject in self.live)
        if done:
            self.live[subject] = due

    @rule(minutes=st.integers(-5, 20))
    def clock_moves(self, minutes: int) -> None:
        self.minutes += minutes

    @rule(size=st.integers(1, 3))
    def claim(self, size: int) -> None:
        with mock.patch.object(clock, "offset", self.offset):
            self.batches += claims.claim_due(size) + claims.claim_lapsed(size)

    @precondition(lambda self: self.batches)
    @rule(index=st.integers(0, 50), keep=st.booleans())
    def fire(self, index: int, keep: bool) -> None:
        """Deliver a message; it may stay to be delivered again."""
        place = index % len(self.batches)
        batch = self.batches[place] if keep else self.batches.pop(place)
        self._deliver(batch)

    @precondition(lambda self: self.batches)
    @rule(index=st.integers(0, 50))
    def crash(self, index: int) -> None:
        """The worker dies before its commit: nothing happened."""
        batch = self.batches[index % len(self.batches)]
        with (
            mock.patch.object(engine, "_apply", side_effect=KeyboardInterrupt),
            mock.patch.object(clock, "offset", self.offset),
        ):
            try:
                engine.fire(kind=batch.kind, token=batch.token, ids=batch.ids)
            except KeyboardInterrupt:
                return
        self._settle()

    @rule()
    def leases_end(self) -> None:
        Timer.objects.filter(state=Timer.State.LEASED).update(lease_until=self.base - 100 * MINUTE)

    def _deliver(self, batch: Batch) -> None:
        with mock.patch.object(clock, "offset", self.offset):
            engine.fire(kind=batch.kind, token=batch.token, ids=batch.ids)
        self._settle()

    def _settle(self) -> None:
        """What the model lets fire must be due; each firing uses up one live timer."""
        for index, subject in enumerate(self.subjects):
            subject.refresh_from_db()
            new = subject.fired - self.fired[index]
            assert new in (0, 1)
            if new:
                assert self.live.pop(index) <= self.minutes
                self.fired[index] += 1

    @invariant()
    def agrees(self) -> None:
        if not hasattr(self, "live"):
            return
        rows = Timer.objects.filter(state__in=Timer.LIVE).values_list("subject_id", flat=True)
        assert sorted(rows) == sorted(self.subjects[index].pk for index in self.live)
        assert Timer.objects.filter(state=Timer.State.FIRED).count() == sum(self.fired)

    def teardown(self) -> None:
        """In the end everything that is live fires: nothing was lost."""
        if not hasattr(self, "live"):
            return
        self.minutes += 1000
        Timer.objects.filter(state__in=Timer.LIVE).update(attempts=0)
        self.leases_end()
        for _ in range(4):
            with mock.patch.object(clock, "offset", self.offset):
                batches = claims.claim_due() + claims.claim_lapsed()
            for batch in batches:
                self._deliver(batch)
        assert self.live == {}


def test_any_order_of_events_fires_once_never_early_and_loses_nothing() -> None:
    with mock.patch("timers.rules.MAX_ATTEMPTS", 1000):
        run_state_machine_as_test(
            TimerMachine,
            settings=settings(
                max_examples=40,
                stateful_step_count=25,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
