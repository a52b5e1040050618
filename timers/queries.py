"""Reads of timers for pages, checks and the panel of what happens next."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Model, Q, QuerySet

from timers import dbclock, registry
from timers.models import OutboxMessage, Timer


def for_subject(subject: Model) -> QuerySet[Timer]:
    """The live timers of a subject, soonest first."""
    return Timer.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk, state__in=Timer.LIVE
    ).order_by("due_at", "id")


@dataclass(frozen=True)
class Bar:
    """Timers that fired less than ``below_ms`` late (None: any longer) and not in an earlier bar."""

    below_ms: int | None
    count: int

    @property
    def label(self) -> str:
        """``< 1 s``, ``≥ 5 min``."""
        if self.below_ms is None:
            return "≥ " + _words(EDGES_MS[-1])
        return "< " + _words(self.below_ms)


EDGES_MS = (250, 500, 1_000, 1_500, 5_000, 30_000, 60_000, 300_000)


def _words(milliseconds: int) -> str:
    seconds = milliseconds / 1000
    return f"{seconds / 60:g} min" if seconds >= 60 else f"{seconds:g} s"


def lateness(since: datetime) -> list[Bar]:
    """How late timers fired since then: one aggregate over the lateness index."""
    edges = [0, *EDGES_MS]
    counts = {
        f"bar{index}": Count("pk", filter=_between(low, edges[index + 1] if index < len(EDGES_MS) else None, index))
        for index, low in enumerate(edges)
    }
    found = Timer.objects.filter(fired_at__gte=since, state=Timer.State.FIRED).aggregate(**counts)
    return [Bar((*EDGES_MS, None)[index], found[f"bar{index}"]) for index in range(len(edges))]


def _between(low: int, high: int | None, index: int) -> Q:
    within = Q(lateness_ms__gte=low) if index else Q()
    return within & Q(lateness_ms__lt=high) if high is not None else within


def visible_to(actor: Any) -> QuerySet[Timer]:
    """Timers whose subjects the actor may see; kinds whose subjects have no venue are for all staff."""
    hidden = Q()
    for kind in registry.all_kinds():
        manager: Any = kind.subject_model._default_manager
        if hasattr(manager, "visible_to"):
            seen = manager.visible_to(actor)
            if seen.query.where:
                hidden |= Q(kind=kind.name) & ~Q(subject_id__in=seen.values("pk"))
    return Timer.objects.exclude(hidden) if hidden else Timer.objects.all()


@dataclass(frozen=True)
class Health:
    """What is due and does not fire. Ages in seconds by the database's clock."""

    overdue: int
    oldest_s: float
    dead: int
    unsent: int
    undeliverable: int
    unanswered: list[str]

    @property
    def healthy(self) -> bool:
        """Nothing is stuck."""
        return not (self.overdue or self.dead or self.unsent or self.undeliverable or self.unanswered)


def health(grace: timedelta = timedelta(seconds=60)) -> Health:
    """Look for due timers and messages that nobody takes, dead ones, and kinds without a handler."""
    now = dbclock.now()
    late = Timer.objects.filter(state=Timer.State.SCHEDULED, due_at__lte=now - grace)
    lost = Timer.objects.filter(state=Timer.State.LEASED, lease_until__lte=now - grace)
    oldest = [row for row in (late.aggregate(m=Min("due_at"))["m"], lost.aggregate(m=Min("due_at"))["m"]) if row]
    messages = OutboxMessage.objects
    kinds = Timer.objects.filter(state__in=Timer.LIVE).order_by().values_list("kind", flat=True).distinct()
    return Health(
        overdue=late.count() + lost.count(),
        oldest_s=round((now - min(oldest)).total_seconds(), 1) if oldest else 0.0,
        dead=Timer.objects.filter(state=Timer.State.DEAD).count(),
        unsent=messages.filter(state=OutboxMessage.State.WAITING, next_at__lte=now - grace).count(),
        undeliverable=messages.filter(state=OutboxMessage.State.DEAD).count(),
        unanswered=sorted(kind for kind in kinds if registry.find(kind) is None),
    )
