"""A subject for tests of the engine: a row that counts what happened to it.

Its app is not installed, so it belongs to no migration; `make_tables` creates it.
"""

import os
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models
from django.db.models import F

from timers import claims, registry
from timers.models import Timer


class Probe(models.Model):
    fired = models.IntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    early = models.IntegerField(default=0)
    open = models.BooleanField(default=True)

    class Meta:
        app_label = "probe"
        db_table = "test_probe"

    def __str__(self) -> str:
        return f"#{self.pk}"


EXPIRE, REMIND, SLOW, BULK, BROKEN, MERGE = (
    f"probe.{name}" for name in ("expire", "remind", "slow", "bulk", "broken", "merge")
)


def exists() -> bool:
    return Probe._meta.db_table in connection.introspection.table_names()


def make_tables() -> None:
    if exists():
        return
    with connection.schema_editor() as editor:
        editor.create_model(Probe)


def drop_tables() -> None:
    if not exists():
        return
    with connection.schema_editor() as editor:
        editor.delete_model(Probe)


def count(subject: Probe, timer: Timer, at: datetime) -> None:
    early = int(at < timer.due_at)
    Probe.objects.filter(pk=subject.pk).update(fired=F("fired") + 1, early=F("early") + early)


def count_slowly(subject: Probe, timer: Timer, at: datetime) -> None:
    count(subject, timer, at)
    time.sleep(float(os.environ.get("PROBE_SLEEP", "0.002")))


def count_many(pairs: Sequence[tuple[Any, Timer]], at: datetime) -> None:
    Probe.objects.filter(pk__in=[subject.pk for subject, _ in pairs]).update(fired=F("fired") + 1)


def fail(subject: Probe, timer: Timer, at: datetime) -> None:
    count(subject, timer, at)
    if not timer.payload.get("mended"):
        raise RuntimeError("the handler is broken")


def is_open(subject: Probe, timer: Timer, at: datetime) -> bool:
    return subject.open


def register_kinds() -> None:
    kind = registry.TimerKind
    registry.register(kind(EXPIRE, Probe, "Expire", count, guard=is_open))
    registry.register(kind(REMIND, Probe, "Remind", count, late_policy=registry.Late.SKIP_IF_AFTER))
    registry.register(kind(SLOW, Probe, "Slow", count_slowly))
    registry.register(kind(BULK, Probe, "Bulk", count, fire_many=count_many))
    registry.register(kind(BROKEN, Probe, "Broken", fail))
    registry.register(kind(MERGE, Probe, "Merge", count, late_policy=registry.Late.COALESCE))


register_kinds()
if "PROBE_LEASE_S" in os.environ:
    claims.LEASE = timedelta(seconds=float(os.environ["PROBE_LEASE_S"]))
