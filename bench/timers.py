"""Timers on MariaDB and RabbitMQ: 100,000 due at once, 100 a second in peace, the cost of idling.

A database of its own is made on the server and dropped afterwards.
"""

import os
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.stage import show
from tests import surroundings

DUE = int(os.environ.get("BENCH_TIMERS", "100000"))
STEADY_S, RATE = 30, 100
NAME = f"atrium_timers_bench_{os.getpid()}"
S = timedelta(seconds=1)


def sql(statement: str) -> None:
    """One statement on the server, outside any database."""
    parts = urlsplit(surroundings.DATABASE_URL)
    password = {"password": parts.password} if parts.password else {}
    driver = import_module("MySQLdb")
    with driver.connect(host=parts.hostname, port=parts.port or 3306, user=parts.username, **password) as session:
        session.cursor().execute(statement)


def memory_mb(process: Any) -> float:
    """Resident memory of a process and its children."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in [process.pid, *children]]
    return sum(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6


class Bench:
    """The steps; Django is set up when this is made."""

    def __init__(self) -> None:
        import_module("django").setup()
        import_module("django.core.management").call_command("migrate", verbosity=0)
        self.probe = import_module("tests.timers.probe")
        self.services = import_module("timers.services")
        self.timers = import_module("timers.models").Timer.objects
        self.rig = import_module("tests.timers.rig")
        self.now: Callable[[], Any] = import_module("timers.dbclock").now
        self.probe.make_tables()

    def arm(self, count: int, kind: str, due: timedelta, spread: timedelta) -> None:
        self.timers.all().delete()
        rows = self.probe.Probe.objects
        rows.all().delete()
        at = self.now()
        for start in range(0, count, 2000):
            numbers = range(start, min(start + 2000, count))
            rows.bulk_create([self.probe.Probe(due_at=at + due + spread * (n / count)) for n in numbers])
        wanted = [self.services.Wanted(row, row.due_at) for row in rows.order_by("pk")]
        self.services.schedule_many(kind=kind, wanted=wanted, at=at)

    def reference(self) -> float:
        """One-row updates with a commit each, a second, on one connection."""
        probe = self.probe.Probe.objects
        pk, begun, done = probe.create().pk, time.monotonic(), 0
        while time.monotonic() - begun < 2:
            probe.filter(pk=pk).update(early=done)
            done += 1
        return done / 2

    def quiet(self) -> bool:
        return not self.timers.filter(state__in=["scheduled", "leased"]).exists()

    def drain(self, kind: str, name: str, reference: float) -> None:
        """All due at once."""
        self.arm(DUE, kind, -S, timedelta(0))
        with self.rig.Rig(Path(tempfile.mkdtemp()), PROBE_LEASE_S=30) as rig:
            worker = rig.worker()
            rig.beat()
            self.rig.wait_for(lambda: self.timers.filter(state="fired")[: DUE // 5].count() >= DUE // 5, 120, 0.2)
            early = memory_mb(worker)
            if not self.rig.wait_for(self.quiet, 300, 0.2):
                raise SystemExit(f"{name}: not drained in time")
            growth = memory_mb(worker) - early
        times = [self.timers.order_by(key).values_list("fired_at", flat=True)[0] for key in ("fired_at", "-fired_at")]
        rate = DUE / (times[1] - times[0]).total_seconds()
        exact = self.probe.Probe.objects.filter(fired=1).count()
        show(f"{name}.rate", rate, "timers/s", reference, rate / reference)
        show(f"{name}.demand", rate, "timers/s", 2000, rate / 2000)
        show(f"{name}.memory_growth", growth, "MB", 64, growth / 64)
        show(f"{name}.exactly_once", exact, "timers", DUE, exact / DUE)

    def steady(self) -> None:
        """100 a second in peace: how late is the 99th of 100?"""
        count = STEADY_S * RATE
        with self.rig.Rig(Path(tempfile.mkdtemp()), PROBE_LEASE_S=30) as rig:
            rig.worker()
            rig.beat()
            time.sleep(6)
            self.arm(count, self.probe.EXPIRE, 3 * S, STEADY_S * S)
            self.rig.wait_for(self.quiet, STEADY_S + 60)
        late = sorted(self.timers.filter(state="fired").values_list("lateness_ms", flat=True))
        p99 = late[int(len(late) * 0.99)] / 1000
        show("timers.steady.p99_lateness", p99, "s", 1.5, p99 / 1.5)
        show("timers.steady.fired", len(late), "timers", count, len(late) / count)

    def idle(self) -> None:
        """Statements that one tick sends while nothing is due."""
        utils, connection = import_module("django.test.utils"), import_module("django.db").connection
        tick = import_module("timers.dispatch").tick
        self.timers.all().delete()
        tick(publish=print, publish_drain=print)
        with utils.CaptureQueriesContext(connection) as seen:
            tick(publish=print, publish_drain=print)
        show("timers.idle.queries_per_second", len(seen), "queries/s", 1, float(len(seen)))


def main() -> None:
    sql(f"CREATE DATABASE `{NAME}` CHARACTER SET utf8mb4")
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "console.settings",
        "DATABASE_URL": surroundings.DATABASE_URL.rpartition("/")[0] + "/" + NAME,
        "BROKER_URL": surroundings.BROKER_URL,
        "REDIS_URL": surroundings.REDIS_URL,
        "ATRIUM_DATA": tempfile.mkdtemp(prefix="atrium-bench-"),
        "ATRIUM_LOG_LEVEL": "ERROR",
    }
    try:
        bench = Bench()
        reference = bench.reference()
        bench.idle()
        bench.steady()
        bench.drain("probe.expire", "timers.drain_one_by_one", reference)
        bench.drain("probe.bulk", "timers.drain_many", reference)
    finally:
        import_module("django.db").connection.close()
        sql(f"DROP DATABASE IF EXISTS `{NAME}`")


if __name__ == "__main__":
    main()
