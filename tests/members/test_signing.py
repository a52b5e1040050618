"""The published vectors and mutations, the order of checks, and what no signature may do."""

import base64
import json
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from redis.exceptions import ConnectionError as RedisConnectionError

from core import clock
from members import nonces, signing
from members.errors import SignatureInvalid, SignatureMissing, SignatureStale, Unauthorized
from members.services import end_session
from tests import factories
from tests.client import Key, SignedClient, signed_headers

VECTORS = json.loads((Path(__file__).parent / "signing-vectors.json").read_text())
SECRET = base64.urlsafe_b64decode(VECTORS["secret_base64url"] + "=")
CASES = VECTORS["cases"]


def message_of(case: dict[str, Any]) -> signing.Message:
    return signing.Message(case["method"], case["url"], dict(case["headers"]), (case["body"] or "").encode())


def judge(message: signing.Message, secret: bytes = SECRET, tag: str = "atrium", late_s: int = 0) -> None:
    now = datetime.fromtimestamp(1767225600 + late_s, UTC)
    claim = signing.read_claim(message, tag=tag, now=now)
    signing.verify(message, claim=claim, tag=tag, secret=secret)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_published_case_verifies(case: dict[str, Any]) -> None:
    judge(message_of(case))


def edit(case: dict[str, Any], old: str, new: str) -> signing.Message:
    message = message_of(case)
    assert old in message.headers["Signature-Input"]
    headers = {**message.headers, "Signature-Input": message.headers["Signature-Input"].replace(old, new)}
    return replace(message, headers=headers)


def two_signatures(case: dict[str, Any]) -> signing.Message:
    message = message_of(case)
    doubled = {
        name: f"{value}, {value.replace('sig1', 'sig2', 1)}" if name.startswith("Signature") else value
        for name, value in message.headers.items()
    }
    return replace(message, headers=doubled)


MUTATIONS: dict[str, Any] = {
    "a byte of the body": lambda c: replace(message_of(c), body=message_of(c).body[:-1] + b" "),
    "the path": lambda c: replace(message_of(c), url=c["url"].replace("/api/v1/", "/api/v2/")),
    "the query": lambda c: replace(message_of(c), url=c["url"] + "?a=1"),
    "the method": lambda c: replace(message_of(c), method="PUT"),
    "the authority": lambda c: replace(message_of(c), url=c["url"].replace("api.example", "api2.example")),
    "digest not covered": lambda c: edit(c, ' "content-digest"', ""),
    "the Idempotency-Key": lambda c: replace(
        message_of(c), headers={**c["headers"], "Idempotency-Key": '"another-key-altogether"'}
    ),
    "no nonce": lambda c: edit(c, c["headers"]["Signature-Input"].split(";")[4] + ";", ""),
    "the tag": lambda c: edit(c, 'tag="atrium"', 'tag="other"'),
    "two signatures with one tag": two_signatures,
    "covers nothing but the method": lambda c: edit(
        c, c["headers"]["Signature-Input"].split(")")[0], 'sig1=("@method"'
    ),
    "another algorithm": lambda c: edit(c, "hmac-sha256", "rsa-v1_5-sha256"),
    "another keyid": lambda c: edit(c, "ses_01JDEXAMPLE", "ses_01JDEXAMPLF"),
    "no digest header": lambda c: replace(
        message_of(c), headers={k: v for k, v in c["headers"].items() if k != "Content-Digest"}
    ),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_every_mutation_is_refused(name: str) -> None:
    case = CASES[2]
    with pytest.raises(SignatureInvalid):
        judge(MUTATIONS[name](case))


def test_swapped_query_parameters_are_refused() -> None:
    case = CASES[1]
    with pytest.raises(SignatureInvalid):
        judge(replace(message_of(case), url=case["url"].replace("venue=1&venue=2", "venue=2&venue=1")))


def test_another_sessions_secret_is_refused() -> None:
    with pytest.raises(SignatureInvalid):
        judge(message_of(CASES[0]), secret=b"x" * 32)


@pytest.mark.parametrize(("late_s", "stale"), [(300, False), (-300, False), (301, True), (-301, True)])
def test_the_window_is_300_seconds_either_way(late_s: int, stale: bool) -> None:
    if not stale:
        judge(message_of(CASES[0]), late_s=late_s)
        return
    with pytest.raises(SignatureStale) as refused:
        judge(message_of(CASES[0]), late_s=late_s)
    assert refused.value.data["server_time"].endswith("Z")


def test_an_unsigned_message_is_told_so() -> None:
    with pytest.raises(SignatureMissing):
        judge(replace(message_of(CASES[0]), headers={}))


@given(st.text(max_size=300), st.text(max_size=120))
def test_no_header_makes_anything_but_a_refusal(inputs: str, value: str) -> None:
    with pytest.raises(Unauthorized):
        judge(replace(message_of(CASES[0]), headers={"Signature-Input": inputs, "Signature": value}))


# -- over HTTP ------------------------------------------------------------------------------


@pytest.fixture
def client(db: None) -> SignedClient:
    return factories.client_of(factories.member())


def test_a_signed_request_is_answered(client: SignedClient) -> None:
    answer = client.get("/me")
    assert answer.status_code == 200, answer.content
    assert set(answer.json()) == {
        "id", "nickname", "avatar_url", "phone_masked", "plan", "plan_ends_at", "credits", "unread",
    }  # fmt: skip


def test_a_non_ascii_query_verifies(client: SignedClient) -> None:
    assert client.get("/me/messages", q="会议 室", venue=["2", "1"]).status_code == 200


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"created": int(time.time()) - 400}, "signature_stale"),
        ({"nonce": "short"}, "signature_invalid"),
        ({"nonce": "x" * 65}, "signature_invalid"),
        ({"tag": "atrium-device"}, "signature_invalid"),
    ],
)
def test_refusals_name_their_code(client: SignedClient, options: dict[str, Any], code: str) -> None:
    answer = client.send("GET", "/me", **options)
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer["Content-Type"] == "application/problem+json"


def test_unsigned_unknown_and_ended_sessions_are_told_apart(client: SignedClient) -> None:
    bare = client.raw("GET", "/api/v1/me", b"", {})
    other = SignedClient(Key("ses_" + "0" * 32, b"x" * 32, {})).get("/me")
    assert (bare.json()["code"], other.json()["code"]) == ("signature_missing", "session_unknown")
    assert client.delete("/sessions/current").status_code == 204
    assert client.get("/me").json()["code"] == "session_expired"


def test_a_session_expires_and_a_retired_master_key_ends_it(
    client: SignedClient, settings: Any, time_machine: Any
) -> None:
    settings.SESSION_KEYS = {"2": "another master key"}
    assert client.get("/me").json()["code"] == "session_unknown"
    fresh = factories.client_of(factories.member())
    assert fresh.get("/me").status_code == 200
    time_machine.move_to(clock.real_now() + timedelta(days=settings.MEMBER_SESSION_DAYS, seconds=1))
    assert fresh.get("/me").json()["code"] == "session_expired"


def test_an_old_master_key_still_verifies_after_rotation(client: SignedClient, settings: Any) -> None:
    settings.SESSION_KEYS = {**settings.SESSION_KEYS, "2": "a newer master key"}
    assert client.get("/me").status_code == 200
    assert factories.client_of(factories.member()).get("/me").status_code == 200


def test_a_nonce_works_once(client: SignedClient) -> None:
    nonce = "n" * 16
    assert client.send("GET", "/me", nonce=nonce).status_code == 200
    again = client.send("GET", "/me", nonce=nonce)
    assert (again.status_code, again.json()["code"]) == (401, "nonce_reused")


def test_a_forger_cannot_burn_a_nonce(client: SignedClient) -> None:
    nonce = "m" * 16
    forged = signed_headers(Key(client.key.key_id, b"y" * 32, {}), "GET", "http://testserver/api/v1/me", nonce=nonce)
    assert client.raw("GET", "/api/v1/me", b"", forged).json()["code"] == "signature_invalid"
    assert client.send("GET", "/me", nonce=nonce).status_code == 200


def same_nonce_at_once(client: SignedClient, times: int) -> list[int]:
    found: list[int] = []
    url = "http://testserver/api/v1/me"
    headers = signed_headers(client.key, "GET", url, nonce="p" * 16)

    def call() -> None:
        found.append(client.raw("GET", "/api/v1/me", b"", dict(headers)).status_code)
        connection.close()

    threads = [threading.Thread(target=call) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db(transaction=True)
def test_one_nonce_a_hundred_times_at_once_is_accepted_once() -> None:
    client = factories.client_of(factories.member())
    found = same_nonce_at_once(client, 100)
    assert (found.count(200), found.count(401)) == (1, 99)


@pytest.mark.django_db(transaction=True)
def test_negative_control_without_the_nonce_check_all_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nonces, "admit", lambda **_: None)
    client = factories.client_of(factories.member())
    assert same_nonce_at_once(client, 10).count(200) == 10


def test_without_redis_reads_go_on_and_writes_are_refused(
    client: SignedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(**_: Any) -> None:
        raise RedisConnectionError

    monkeypatch.setattr(nonces, "admit", gone)
    assert client.get("/me").status_code == 200
    refused = client.post("/me/messages/read", {})
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")


def test_a_blocked_member_is_refused(client: SignedClient) -> None:
    who = factories.member(status="blocked")
    answer = factories.client_of(who).get("/me")
    assert (answer.status_code, answer.json()["code"]) == (403, "member_blocked")


def test_requests_of_a_session_are_limited_exactly(settings: Any, db: None) -> None:
    settings.THROTTLE_SESSION_PER_MINUTE = 3
    limited = factories.client_of(factories.member())
    found = [limited.get("/me") for _ in range(5)]
    assert [answer.status_code for answer in found] == [200, 200, 200, 429, 429]
    assert 1 <= int(found[-1]["Retry-After"]) <= 60


def test_a_session_costs_one_query(client: SignedClient, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):  # the session with its member, and the count of unread
        client.get("/me")


def test_ending_a_session_twice_changes_nothing(client: SignedClient) -> None:
    who = factories.member()
    session = who.sessions.create(
        key_id="k", key_version="1", created_at=clock.now(), expires_at=clock.now() + timedelta(days=1)
    )
    assert [end_session(session=session, at=clock.now()) for _ in range(2)] == [True, False]
