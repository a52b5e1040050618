"""The engine's Celery tasks. Beat sends `timers.dispatch` every second; two beats do no harm."""

from typing import Any

from celery import shared_task

from core import clock
from timers import archive, auditors, dispatch, engine, outbox, wallclocks
from timers.claims import Batch


@shared_task(name="timers.dispatch", time_limit=30, soft_time_limit=20, acks_late=False)
def dispatch_due(**_: Any) -> None:
    """Claim what is due and publish it; a lost tick is made up by the next."""
    dispatch.tick(publish=_publish, publish_drain=_publish_drain)


@shared_task(name="timers.fire", time_limit=60, soft_time_limit=45)
def fire(*, kind: str, token: str, ids: list[int], **_: Any) -> None:
    """Fire one leased batch; a repeated message finds another token and does nothing."""
    engine.fire(kind=kind, token=token, ids=ids)


@shared_task(name="timers.drain_outbox", time_limit=100, soft_time_limit=90, acks_late=False)
def drain_outbox(**_: Any) -> None:
    """Send what waits to leave."""
    outbox.drain()


@shared_task(name="timers.audit", time_limit=600, soft_time_limit=580)
def audit(**_: Any) -> None:
    """Arm what should have a timer and has none; follow changed rules of time zones."""
    at = clock.now()
    auditors.audit(at=at)
    wallclocks.follow()


@shared_task(name="timers.archive", time_limit=600, soft_time_limit=580)
def archive_finished(**_: Any) -> None:
    """Move finished timers out of the way."""
    archive.archive(at=clock.now())


def _publish(batch: Batch) -> None:
    fire.apply_async(kwargs={"kind": batch.kind, "token": batch.token, "ids": batch.ids})


def _publish_drain() -> None:
    drain_outbox.apply_async(expires=5)
