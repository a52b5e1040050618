"""One key, one effect, one answer: replays, mismatches, refusals and fifty at once."""

import secrets
import threading
from typing import Any

import pytest
from django.db import connection
from django.urls import path
from rest_framework.response import Response

from core import clock
from core.errors import Unavailable, WrongState
from members.entrance import MemberView
from members.idempotency import idempotent
from members.models import IdempotencyRecord, InboxMessage
from members.services import purge_answers
from tests import factories
from tests.client import SignedClient


class Note(MemberView):
    """A stand-in for a paid effect: writes one message, or refuses as the body asks."""

    @idempotent(required=True)
    def post(self, request: Any) -> Response:
        key = secrets.token_hex(8)
        made = InboxMessage.objects.create(member=request.user, key=key, kind="t", title="t", created_at=clock.now())
        if request.data.get("refuse"):
            raise WrongState("No.")
        if request.data.get("away"):
            raise Unavailable
        return Response({"id": str(made.pk)}, status=201)


urlpatterns = [path("api/v1/notes", Note.as_view())]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def client(db: None) -> SignedClient:
    return factories.client_of(factories.member())


def count() -> int:
    return InboxMessage.objects.count()


def test_a_required_key_that_is_missing_is_refused(client: SignedClient) -> None:
    answer = client.post("/notes", {})
    assert (answer.status_code, answer.json()["code"], count()) == (400, "idempotency_key_required", 0)


def test_a_retry_gets_the_same_status_and_body_and_changes_nothing(client: SignedClient) -> None:
    first, again = (client.post("/notes", {"a": 1}, idempotency_key="key-1") for _ in range(2))
    assert (first.status_code, again.status_code, count()) == (201, 201, 1)
    assert first.content == again.content
    assert ("Idempotent-Replayed" in first.headers, again["Idempotent-Replayed"]) == (False, "true")


def test_a_quoted_key_and_its_content_are_the_same_key(client: SignedClient) -> None:
    client.post("/notes", {}, idempotency_key='"key-1"')
    assert client.post("/notes", {}, idempotency_key="key-1")["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize("key", ["", '""', "a b", "x" * 121])
def test_a_malformed_key_is_refused_by_name(client: SignedClient, key: str) -> None:
    answer = client.post("/notes", {}, idempotency_key=key)
    assert (answer.status_code, count()) in {(400, 0), (401, 0)}


def test_another_body_under_the_same_key_is_refused(client: SignedClient) -> None:
    client.post("/notes", {"a": 1}, idempotency_key="key-1")
    other = client.post("/notes", {"a": 2}, idempotency_key="key-1")
    assert (other.status_code, other.json()["code"], count()) == (422, "idempotency_mismatch", 1)


def test_the_same_key_of_another_member_is_another_key(client: SignedClient) -> None:
    neighbour = factories.client_of(factories.member())
    answers = [who.post("/notes", {}, idempotency_key="key-1").status_code for who in (client, neighbour)]
    assert (answers, count()) == ([201, 201], 2)


def test_a_refusal_by_the_world_is_stored_after_its_rollback(client: SignedClient) -> None:
    first, again = (client.post("/notes", {"refuse": True}, idempotency_key="key-1") for _ in range(2))
    assert (first.status_code, again.status_code, count()) == (409, 409, 0)
    assert again["Idempotent-Replayed"] == "true"
    assert first.json() == again.json()
    assert again["Content-Type"] == "application/problem+json"


def test_a_part_that_is_away_is_not_stored(client: SignedClient) -> None:
    first = client.post("/notes", {"away": True}, idempotency_key="key-1")
    assert (first.status_code, first["Retry-After"]) == (503, "5")
    assert (IdempotencyRecord.objects.count(), count()) == (0, 0)


def test_answers_are_forgotten_after_a_day(client: SignedClient, time_machine: Any) -> None:
    client.post("/notes", {}, idempotency_key="key-1")
    at = clock.real_now()
    assert purge_answers(at=at.replace(year=at.year - 1)) == 0
    assert purge_answers(at=at.replace(year=at.year + 1)) == 1
    assert client.post("/notes", {}, idempotency_key="key-1").status_code == 201
    assert count() == 2


def at_once(client: SignedClient, how_many: int, key: str | None) -> list[Any]:
    """The same call by many threads that start together."""
    barrier, found = threading.Barrier(how_many), []

    def one(number: int) -> None:
        mine = SignedClient(client.key)
        barrier.wait()
        try:
            found.append(mine.post("/notes", {}, idempotency_key=key or f"key-{number}"))
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(how_many)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return found


@pytest.mark.django_db(transaction=True)
def test_one_key_fifty_times_at_once_has_one_effect() -> None:
    found = at_once(factories.client_of(factories.member()), 50, "key-1")
    assert len(found) == 50
    assert {answer.status_code for answer in found} <= {201, 409}
    assert len({answer.content for answer in found if answer.status_code == 201}) == 1
    assert {answer.json()["code"] for answer in found if answer.status_code == 409} <= {"idempotency_in_flight"}
    assert count() == 1


@pytest.mark.django_db(transaction=True)
def test_negative_control_fifty_keys_have_fifty_effects() -> None:
    found = at_once(factories.client_of(factories.member()), 20, None)
    assert ([answer.status_code for answer in found], count()) == ([201] * 20, 20)
