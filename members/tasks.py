"""What members need done by the clock."""

from typing import Any

from celery import shared_task

from core import clock
from members import services

_BATCHES = 100


@shared_task(name="members.purge_answers", time_limit=120)
def purge_answers(**_: Any) -> int:
    """Forget stored answers after a day, in batches; safe to run twice at once."""
    return _repeat(services.purge_answers)


@shared_task(name="members.purge_sessions", time_limit=120)
def purge_sessions(**_: Any) -> int:
    """Forget sessions that ended long ago, in batches."""
    return _repeat(services.purge_sessions)


def _repeat(purge: Any) -> int:
    total = 0
    for _number in range(_BATCHES):
        gone = purge(at=clock.real_now())
        total += gone
        if not gone:
            break
    return total
