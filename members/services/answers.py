"""Stored answers by Idempotency-Key: the record commits with the effect, or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, OperationalError

from core.errors import DomainError
from core.transactions import unit
from members.errors import InFlight, Mismatch
from members.models import IdempotencyRecord, Member

KEPT = timedelta(hours=24)
_LOCK_WAIT_TIMEOUT = 1205
_STORED_REFUSALS = (403, 404, 409)


@dataclass(frozen=True)
class Answer:
    """An answer as it goes over the wire; ``replayed`` where it is a stored one."""

    status: int
    body: str
    content_type: str = "application/json"
    replayed: bool = False


def answer_once(
    *,
    member: Member,
    key: str,
    fingerprint: str,
    at: datetime,
    effect: Callable[[], Answer],
    refusal: Callable[[DomainError], Answer],
) -> Answer:
    """Run ``effect`` and store its answer in one transaction, or replay the stored one.

    Two at once meet on the unique key: the second waits for the first's commit and replays it.
    A domain refusal (403, 404, 409) is stored too, after the effect was rolled back.
    Raises InFlight (the first takes too long), Mismatch (another request under this key).
    """
    try:
        return _first(member=member, key=key, fingerprint=fingerprint, at=at, effect=effect)
    except IntegrityError:
        stored = IdempotencyRecord.objects.filter(member=member, key=key).first()
        if stored is None:
            raise
        return _replay(stored, fingerprint)
    except DomainError as error:
        if error.status not in _STORED_REFUSALS or isinstance(error, InFlight):
            raise
        answer = refusal(error)
        _store_refusal(member=member, key=key, fingerprint=fingerprint, at=at, answer=answer)
        return answer


def stored_answer(*, member: Member, key: str, fingerprint: str) -> Answer | None:
    """The answer stored under a key, if there is one. Raises Mismatch."""
    stored = IdempotencyRecord.objects.filter(member=member, key=key).first() if key else None
    return _replay(stored, fingerprint) if stored else None


@unit
def purge_answers(*, at: datetime, batch: int = 5000) -> int:
    """Forget answers older than 24 hours, a batch at a time; answers how many went."""
    old = IdempotencyRecord.objects.filter(created_at__lt=at - KEPT).order_by("created_at").values_list("pk", flat=True)
    return IdempotencyRecord.objects.filter(pk__in=list(old[:batch])).delete()[0]


@unit
def _first(*, member: Member, key: str, fingerprint: str, at: datetime, effect: Callable[[], Answer]) -> Answer:
    record = IdempotencyRecord(member=member, key=key, fingerprint=fingerprint, created_at=at)
    try:
        record.save(force_insert=True)
    except OperationalError as error:
        if error.args and error.args[0] == _LOCK_WAIT_TIMEOUT:
            raise InFlight from error
        raise
    answer = effect()
    IdempotencyRecord.objects.filter(pk=record.pk).update(
        status=answer.status, body=answer.body, content_type=answer.content_type
    )
    return answer


@unit
def _store_refusal(*, member: Member, key: str, fingerprint: str, at: datetime, answer: Answer) -> None:
    IdempotencyRecord.objects.bulk_create(
        [
            IdempotencyRecord(
                member=member,
                key=key,
                fingerprint=fingerprint,
                created_at=at,
                status=answer.status,
                body=answer.body,
                content_type=answer.content_type,
            )
        ],
        ignore_conflicts=True,
    )


def _replay(stored: IdempotencyRecord, fingerprint: str) -> Answer:
    if stored.fingerprint != fingerprint:
        raise Mismatch
    return Answer(stored.status, stored.body, stored.content_type, replayed=True)
