"""Due work survives its processes: none lost, none twice, none early."""

import random
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Max, Sum

from tests.services import free_port, start_valkey
from tests.timers import probe
from tests.timers.conftest import probe_table
from tests.timers.rig import Rig, wait_for
from timers import dbclock, services
from timers.models import Timer

__all__ = ["probe_table"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("probe_table", "clean_probes")]
S = timedelta(seconds=1)


@pytest.fixture
def clean_probes(db: None) -> Iterator[None]:
    probe.Probe.objects.all().delete()
    yield
    probe.Probe.objects.all().delete()


def arm(count: int, kind: str, due: timedelta, spread: timedelta = timedelta(0)) -> None:
    at = dbclock.now()
    rows = [probe.Probe(due_at=at + due + spread * (n / count)) for n in range(count)]
    probe.Probe.objects.bulk_create(rows, batch_size=500)
    wanted = [services.Wanted(row, row.due_at) for row in probe.Probe.objects.filter(fired=0).order_by("pk")]
    services.schedule_many(kind=kind, wanted=wanted, at=at)


def quiet() -> bool:
    return not Timer.objects.filter(state__in=Timer.LIVE).exists()


def outcome() -> tuple[int, int, int]:
    """How many effects, the most that one subject got, how many came early."""
    found = probe.Probe.objects.aggregate(total=Sum("fired"), most=Max("fired"), early=Sum("early"))
    return found["total"], found["most"], found["early"]


def test_workers_and_beats_are_killed_during_2000_expiries(tmp_path: Path) -> None:
    arm(2000, probe.SLOW, 4 * S, spread=6 * S)
    chance = random.Random(7)
    with Rig(tmp_path, PROBE_SLEEP="0.003") as rig:
        workers, beats, kills = [rig.worker(), rig.worker()], [rig.beat(), rig.beat()], 0
        time.sleep(3)
        while kills < 8:
            time.sleep(chance.uniform(0.4, 1.2))
            victim = chance.choice(["worker", "worker", "child", "beat"])
            if victim == "child":
                rig.kill_child(chance.choice(workers))
            else:
                group, start = (workers, rig.worker) if victim == "worker" else (beats, rig.beat)
                rig.kill(group.pop(0))
                group.append(start())
            kills += 1
        assert wait_for(quiet, 150)
    assert outcome() == (2000, 1, 0)
    assert Timer.objects.filter(state=Timer.State.FIRED).count() == 2000


def test_two_beats_and_two_workers_in_peace_fire_each_once_and_none_early(tmp_path: Path) -> None:
    arm(600, probe.EXPIRE, 6 * S, spread=6 * S)
    with Rig(tmp_path) as rig:
        rig.worker(), rig.worker(), rig.beat(), rig.beat()
        assert wait_for(quiet, 150)
    assert outcome() == (600, 1, 0)
    assert min(Timer.objects.values_list("lateness_ms", flat=True)) >= 0  # how late is the bench's business


def test_the_broker_is_away_pages_commit_and_timers_catch_up(tmp_path: Path) -> None:
    port = free_port()
    broker = start_valkey(port, str(tmp_path))
    url = f"redis://127.0.0.1:{port}/0"
    try:
        with Rig(tmp_path, BROKER_URL=url) as rig:
            rig.worker(), rig.beat()
            arm(100, probe.EXPIRE, timedelta(0))
            assert wait_for(quiet, 90)
            broker.kill()
            broker.wait()
            begun = time.monotonic()
            arm(100, probe.BULK, timedelta(0))
            assert time.monotonic() - begun < 15  # it never waits for the broker
            time.sleep(3)
            assert outcome()[0] == 100
            broker = start_valkey(port, str(tmp_path))
            assert wait_for(quiet, 150)  # a batch that went down with the broker comes back with its lease
    finally:
        broker.kill()
        broker.wait()
    assert outcome() == (200, 1, 0)
    call_command("timers", "--health")
