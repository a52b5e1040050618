"""What should have a timer and has none is armed again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from core.transactions import lock, unit
from timers import registry
from timers.models import Timer

Subjects = QuerySet[Any] | Callable[[], QuerySet[Any]]
Rearm = Callable[[Any, datetime], None]
_BATCH = 200
_KEPT = (*Timer.LIVE, Timer.State.DEAD)
"""A dead timer waits for a person; arming another would only repeat its failure."""


@dataclass(frozen=True)
class Auditor:
    """``subjects`` should each have a timer of ``kind``; ``rearm(subject, at)`` schedules it."""

    kind: str
    subjects: Subjects
    rearm: Rearm

    def rows(self) -> QuerySet[Any]:
        """A fresh queryset of all subjects that should have a timer."""
        return self.subjects() if callable(self.subjects) else self.subjects.all()

    def without_timer(self) -> QuerySet[Any]:
        """Those that have none, by primary key."""
        subject_type = registry.get(self.kind).subject_type
        timers = Timer.objects.filter(
            subject_type=subject_type, subject_id=OuterRef("pk"), kind=self.kind, state__in=_KEPT
        )
        return self.rows().filter(~Exists(timers)).order_by("pk")


_auditors: dict[str, Auditor] = {}


def register(kind: str, subjects: Subjects, rearm: Rearm) -> None:
    """Announce which subjects should have a live timer of ``kind`` and how to arm it.

    ``subjects`` is a queryset or, better, a function that makes one.
    ``rearm(subject, at)`` runs in a transaction with the subject locked.
    """
    _auditors[kind] = Auditor(kind, subjects, rearm)


def all_auditors() -> list[Auditor]:
    """Every auditor, by kind."""
    return [_auditors[kind] for kind in sorted(_auditors)]


def audit(*, at: datetime) -> dict[str, int]:
    """Arm what lacks its timer; answers how many, by kind."""
    return {auditor.kind: _run(auditor, at) for auditor in all_auditors()}


def _run(auditor: Auditor, at: datetime) -> int:
    armed, last = 0, 0
    while ids := list(auditor.without_timer().filter(pk__gt=last).values_list("pk", flat=True)[:_BATCH]):
        armed += _rearm(auditor, ids, at)
        last = ids[-1]
    return armed


@unit
def _rearm(auditor: Auditor, ids: list[int], at: datetime) -> int:
    lock(registry.get(auditor.kind).subject_model._base_manager.all(), ids)
    still = list(auditor.without_timer().filter(pk__in=ids))
    for subject in still:
        auditor.rearm(subject, at)
    return len(still)
