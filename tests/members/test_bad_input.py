"""No input of any shape makes a 500, and what is refused changes nothing."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as budget
from hypothesis import strategies as st

from members.models import Member
from tests import factories
from tests.client import SignedClient, signed_headers


@pytest.fixture
def client(db: None) -> SignedClient:
    return factories.client_of(factories.member(nickname="before"))


def refused(answer: Any, status: int, code: str, field: str | None = None) -> None:
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), body
    assert answer["Content-Type"] == "application/problem+json"
    assert body["type"] == f"urn:problem:atrium:{code}" and body["status"] == status and body["detail"]
    if field is not None:
        assert field in body["fields"], body
    assert Member.objects.get().nickname == "before"


RAW_BODIES = {
    "not JSON": b"{",
    "empty object twice": b"{}{}",
    "invalid UTF-8": b'{"nickname": "\xff\xfe"}',
    "NaN": b'{"nickname": NaN}',
    "a giant number": b'{"nickname": 1e999999}',
    "an integer of 5,000 digits": b'{"nickname": ' + b"9" * 5000 + b"}",
    "a NUL": b'{"nickname": "a\\u0000b"}',
    "half a surrogate pair": b'{"nickname": "\\ud800"}',
    "100,000 brackets": b"[" * 100_000,
    "33 deep": b'{"nickname": ' + b"[" * 33 + b"]" * 33 + b"}",
}


@pytest.mark.parametrize("name", RAW_BODIES)
def test_a_body_that_is_not_sane_json_is_refused(client: SignedClient, name: str) -> None:
    answer = client.send("PATCH", "/me", RAW_BODIES[name])
    assert (answer.status_code, answer.json()["code"]) in {(400, "malformed"), (400, "invalid")}, answer.content
    assert Member.objects.get().nickname == "before"


FIELDS: list[tuple[Any, str]] = [
    ({"nickname": ""}, "nickname"),
    ({"nickname": "x" * 61}, "nickname"),
    ({"nickname": ["a"]}, "nickname"),
    ({"nickname": {"a": 1}}, "nickname"),
    ({"nickname": None}, "nickname"),
    ({"avatar_url": "javascript:alert(1)"}, "avatar_url"),
    ({"language": "klingon"}, "language"),
    ({"level": "gold"}, "level"),
    ({"status": "active", "nickname": "x"}, "status"),
    ([], ""),
    ("text", ""),
    (None, ""),
    (7, ""),
]


@pytest.mark.parametrize(("data", "field"), FIELDS)
def test_a_wrong_field_is_named(client: SignedClient, data: Any, field: str) -> None:
    refused(client.send("PATCH", "/me", json.dumps(data).encode()), 400, "invalid", field)


def test_a_body_of_1_mb_is_too_large(client: SignedClient) -> None:
    refused(client.patch("/me", {"nickname": "x" * 1_000_000}), 413, "too_large")


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data; boundary=x", "x", "a/b/c"])
def test_another_content_type_is_refused(client: SignedClient, kind: str) -> None:
    body = b'{"nickname": "after"}'
    headers = signed_headers(client.key, "PATCH", "http://testserver/api/v1/me", body) | {"Content-Type": kind}
    refused(client.raw("PATCH", "/api/v1/me", body, headers), 415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("PUT", "/me", 405, "method_not_allowed"),
        ("GET", "/sessions/current", 405, "method_not_allowed"),
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/me/", 404, "not_found"),
        ("GET", "/me%00", 404, "not_found"),
    ],
)
def test_addresses_and_methods_that_are_not_there(
    client: SignedClient, method: str, path: str, status: int, code: str
) -> None:
    refused(client.send(method, path), status, code)


@pytest.mark.parametrize("size", ["100000", "0", "-1", "101", "x", "１０", "1e1", "", "9" * 400])
def test_a_page_size_outside_1_to_100_is_refused(client: SignedClient, size: str) -> None:
    refused(client.get("/me/messages", page_size=size), 400, "invalid", "page_size")


@pytest.mark.parametrize("cursor", ["x", "%00", "bz0x", "cD1hYmM=", "é" * 30, "cD0yMDI2LTAx"])
def test_a_broken_cursor_is_refused_or_empty(client: SignedClient, cursor: str) -> None:
    assert client.get("/me/messages", cursor=cursor).status_code in {200, 400}


@pytest.mark.parametrize("ids", [["x"], [1], ["9" * 30], ["-1"], [None], "1", {"a": 1}, ["1"] * 201, [["1"]]])
def test_ids_that_are_not_ids_are_named(client: SignedClient, ids: Any) -> None:
    answer = client.post("/me/messages/read", {"ids": ids})
    assert answer.status_code == 400 and any(name.startswith("ids") for name in answer.json()["fields"])


@pytest.mark.parametrize("language", ["zh-Hans", "en", "zh-CN,zh;q=0.9", "xx", "*", "\x7f" * 50, ";;q=,"])
def test_the_language_asked_for_never_matters_to_the_status(client: SignedClient, language: str) -> None:
    client.language = language
    assert client.patch("/me", {"x": 1}).status_code == 400


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.django_db
@budget(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=json_values | st.fixed_dictionaries({"code": json_values}) | st.fixed_dictionaries({"ids": json_values}))
def test_no_json_makes_a_500(client: SignedClient, body: Any) -> None:
    raw = json.dumps(body).encode("utf-8", "surrogatepass")
    for method, path in (("PATCH", "/me"), ("POST", "/me/messages/read")):
        assert client.send(method, path, raw).status_code < 500
