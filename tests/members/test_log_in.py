"""Log-in through the simulator: codes, first sight, throttles, and what WeChat may answer."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django_redis import get_redis_connection

from members.models import Member, MemberSession
from tests import factories
from tests.client import Key, SignedClient
from wechat import mini_program
from wechat.simulator.mini_program import MiniProgram
from wechat.simulator.server import make_server


@pytest.fixture
def gateway(settings: Any, db: None) -> Iterator[Any]:
    """A simulator of its own on a free port."""
    server = make_server("127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    settings.WECHAT_BASE_URL = f"http://127.0.0.1:{server.server_address[1]}"
    get_redis_connection("default").flushdb()
    cache.clear()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)


def log_in(code: Any, **headers: str) -> Any:
    client = Client(raise_request_exception=True)
    body = json.dumps({"code": code})
    return client.post("/api/v1/sessions", body, content_type="application/json", headers=headers)


def test_a_code_logs_in_and_the_key_signs(gateway: Any) -> None:
    answer = log_in("sim:阿明")
    assert (answer.status_code, answer["Cache-Control"]) == (201, "no-store")
    body = answer.json()
    assert set(body) == {"key_id", "secret", "expires_at", "member"} and body["member"]["nickname"] == "阿明"
    assert SignedClient(Key.of(body)).get("/me").json()["id"] == body["member"]["id"]


def test_the_secret_is_never_stored(gateway: Any) -> None:
    secret = log_in("sim:a").json()["secret"]
    stored = [str(value) for row in MemberSession.objects.values() for value in row.values()]
    assert not any(secret in value for value in stored)


def test_a_second_log_in_is_the_same_member_with_another_key(gateway: Any) -> None:
    first, second = (log_in("sim:a").json() for _ in range(2))
    assert first["member"]["id"] == second["member"]["id"]
    assert first["key_id"] != second["key_id"]
    assert (Member.objects.count(), MemberSession.objects.count()) == (1, 2)


@pytest.mark.parametrize(
    ("code", "status", "problem"),
    [
        ("bad", 401, "code_invalid"),
        ("risk", 403, "code_risk"),
        ("fast", 429, "throttled"),
        ("sim:", 401, "code_invalid"),
    ],
)
def test_what_wechat_refuses_is_told_by_its_code(gateway: Any, code: str, status: int, problem: str) -> None:
    answer = log_in(code)
    assert (answer.status_code, answer.json()["code"], Member.objects.count()) == (status, problem, 0)
    assert (status != 429) or 1 <= int(answer["Retry-After"]) <= 60


@pytest.mark.parametrize("code", ["", "x" * 129, None, [], {}])
def test_a_code_that_is_no_code_is_named(gateway: Any, code: Any) -> None:
    answer = log_in(code)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["code"])


def test_without_wechat_nothing_changes(settings: Any, db: None) -> None:
    settings.WECHAT_BASE_URL = "http://127.0.0.1:9"
    answer = log_in("sim:a")
    assert (answer.status_code, answer.json()["code"], Member.objects.count()) == (503, "unavailable", 0)
    assert answer["Retry-After"]


def test_a_blocked_member_cannot_log_in(gateway: Any) -> None:
    log_in("sim:a")
    Member.objects.update(status="blocked")
    answer = log_in("sim:a")
    assert (answer.status_code, answer.json()["code"], MemberSession.objects.count()) == (403, "member_blocked", 1)


def test_log_ins_are_counted_by_address_exactly(gateway: Any, settings: Any) -> None:
    settings.THROTTLE_LOGIN_PER_MINUTE = 3
    assert [log_in("sim:a").status_code for _ in range(5)] == [201, 201, 201, 429, 429]


def test_only_addresses_that_our_proxies_vouch_for_count(gateway: Any, settings: Any) -> None:
    settings.THROTTLE_LOGIN_PER_MINUTE = 1
    settings.NUM_PROXIES = 0
    forged = [log_in("sim:a", X_Forwarded_For=f"9.9.9.{n}").status_code for n in range(2)]
    settings.NUM_PROXIES = 1
    behind = [log_in("sim:a", X_Forwarded_For=f"9.9.9.{n}, 8.8.8.{n}").status_code for n in range(2)]
    same = log_in("sim:a", X_Forwarded_For="1.2.3.4, 8.8.8.1").status_code
    assert (forged, behind, same) == ([201, 429], [201, 201], 429)


def test_the_access_token_is_fetched_once_by_many(gateway: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    real = MiniProgram.stable_token
    monkeypatch.setattr(MiniProgram, "stable_token", lambda self, body: asked.append(1) or real(self, body))
    threads = [threading.Thread(target=mini_program.access_token) for _ in range(20)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(asked) == 1


def test_a_phone_is_bound_once_a_code_and_shown_masked(gateway: Any) -> None:
    who = factories.member()
    client = factories.client_of(who)
    answer = client.post("/me/phone", {"code": "phone:13812345678"}, idempotency_key="bind-1")
    assert (answer.status_code, answer.json()["phone_masked"]) == (200, "138****5678")
    again = client.post("/me/phone", {"code": "phone:13812345678"}, idempotency_key="bind-1")
    assert (again.status_code, again["Idempotent-Replayed"]) == (200, "true")
    assert client.post("/me/phone", {"code": "phone:13812345678"}).json()["code"] == "code_invalid"
    assert Member.objects.get().phone_last4 == "5678"


def test_another_members_phone_is_refused(gateway: Any) -> None:
    factories.member(phone="13812345678")
    answer = factories.client_of(factories.member()).post("/me/phone", {"code": "phone:13812345678"})
    assert (answer.status_code, answer.json()["code"]) == (409, "phone_taken")


def test_a_token_that_wechat_forgot_is_fetched_anew(gateway: Any) -> None:
    cache.set(mini_program.TOKEN_KEY, "forgotten", 600)
    answer = factories.client_of(factories.member()).post("/me/phone", {"code": "phone:13800000000"})
    assert answer.status_code == 200
