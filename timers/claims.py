"""Taking due work: any number of dispatchers may run, each row goes to one of them."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import F, Q, QuerySet

from core.transactions import unit
from timers import rules
from timers.dbclock import DatabaseNow, fragment
from timers.models import Timer

BATCH = 200
LEASE = timedelta(seconds=30)
IN_FLIGHT = 4000
"""Most timers leased at once, so that a batch is fired before its lease ends."""
ALONE_AFTER = 3
"""A timer that was claimed this often travels alone: if it kills its worker, it harms no other."""

_PROBE = (
    "SELECT EXISTS(SELECT 1 FROM timers_timer WHERE state = 'scheduled' AND due_at <= {now}),"
    " EXISTS(SELECT 1 FROM timers_timer WHERE state = 'leased' AND lease_until <= {now}),"
    " EXISTS(SELECT 1 FROM timers_outboxmessage WHERE state = 'waiting' AND next_at <= {now})"
)


@dataclass(frozen=True)
class Pending:
    """Whether something is due, has lost its lease, or waits to leave."""

    due: bool
    lapsed: bool
    outgoing: bool


@dataclass(frozen=True)
class Batch:
    """Timers of one kind under one lease token."""

    kind: str
    token: str
    ids: list[int]


def pending() -> Pending:
    """The one query of an idle second: three looks into indexes."""
    text, parameter = fragment()
    with connection.cursor() as cursor:
        cursor.execute(_PROBE.replace("{now}", text), [parameter] * 3)
        due, lapsed, outgoing = cursor.fetchone()
    return Pending(bool(due), bool(lapsed), bool(outgoing))


def in_flight() -> int:
    """How many timers are leased; looks no further than the bound."""
    return Timer.objects.filter(state=Timer.State.LEASED).exclude(lease_token="").order_by()[:IN_FLIGHT].count()


@unit
def claim_due(size: int = BATCH) -> list[Batch]:
    """Lease the earliest due timers."""
    due = Timer.objects.filter(state=Timer.State.SCHEDULED, due_at__lte=DatabaseNow())
    return _lease(due.order_by("due_at", "id"), size)


@unit
def claim_lapsed(size: int = BATCH) -> list[Batch]:
    """Lease again what was lost with its worker or message, and what waited for its next attempt."""
    lapsed = Timer.objects.filter(state=Timer.State.LEASED, lease_until__lte=DatabaseNow())
    return _lease(lapsed.order_by("lease_until", "id"), size)


def _lease(rows: QuerySet[Timer], size: int) -> list[Batch]:
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    found = list(rows.values_list("id", "kind", "attempts")[:size])
    hopeless = [pk for pk, _kind, attempts in found if attempts >= rules.MAX_ATTEMPTS]
    _bury(hopeless)
    batches = _batches([row for row in found if row[2] < rules.MAX_ATTEMPTS])
    return [batch for batch in batches if _take(batch)]


def _batches(found: Iterable[tuple[int, str, int]]) -> list[Batch]:
    groups: dict[tuple[str, int], list[int]] = {}
    for pk, kind, attempts in found:
        groups.setdefault((kind, pk if attempts >= ALONE_AFTER else 0), []).append(pk)
    return [Batch(kind, uuid.uuid4().hex, ids) for (kind, _alone), ids in groups.items()]


def _take(batch: Batch) -> int:
    """Compare and set: the rows are locked or, on SQLite, the whole transaction is."""
    return Timer.objects.filter(
        Q(state=Timer.State.SCHEDULED, due_at__lte=DatabaseNow())
        | Q(state=Timer.State.LEASED, lease_until__lte=DatabaseNow()),
        pk__in=batch.ids,
    ).update(
        state=Timer.State.LEASED,
        lease_token=batch.token,
        lease_until=DatabaseNow() + LEASE,
        attempts=F("attempts") + 1,
    )


def _bury(ids: list[int]) -> None:
    if ids:
        Timer.objects.filter(pk__in=ids).update(
            state=Timer.State.DEAD,
            open_key=None,
            lease_token="",
            lease_until=None,
            error=f"its worker was lost; given up after {rules.MAX_ATTEMPTS} attempts",
        )


def assert_read_committed() -> None:
    """Under REPEATABLE READ a draining claimer makes new inserts wait (measured): refuse to start.

    Raises ImproperlyConfigured.
    """
    if connection.vendor != "mysql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW VARIABLES WHERE Variable_name IN ('tx_isolation', 'transaction_isolation')")
        level = cursor.fetchall()[0][1]
    if level != "READ-COMMITTED":
        raise ImproperlyConfigured(f"timers need READ COMMITTED, the database runs {level}")
