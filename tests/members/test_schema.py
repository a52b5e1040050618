"""The OpenAPI document is whole, served offline, and agrees with what the server does."""

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, Phase, settings
from jsonschema import Draft4Validator

from tests import factories
from tests.client import SignedClient, signed_headers

DOCUMENT = SchemaGenerator().get_schema(request=None, public=True)
api = schemathesis.openapi.from_dict(json.loads(json.dumps(DOCUMENT, default=str)))


def test_the_document_is_valid_and_drawn_without_a_warning() -> None:
    GENERATOR_STATS.reset()
    validate_schema(SchemaGenerator().get_schema(request=None, public=True))
    assert not GENERATOR_STATS._warn_cache and not GENERATOR_STATS._error_cache


def test_every_call_but_the_open_ones_is_signed() -> None:
    unsigned = {
        f"{method} {path}"
        for path, calls in DOCUMENT["paths"].items()
        for method, call in calls.items()
        if call.get("security") != [{"signature": []}]
    }
    assert unsigned == {"get /api/v1/health", "post /api/v1/sessions"}


@pytest.mark.django_db
def test_the_document_and_its_pages_are_served_without_another_host() -> None:
    client = Client()
    assert client.get("/api/v1/schema/").status_code == 200
    page = client.get("/api/v1/docs/").content.decode()
    assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", page)
    assert "<script>" not in page


@pytest.fixture
def members(db: None) -> list[SignedClient]:
    """Two, so that one may meet the other's things."""
    return [factories.client_of(factories.member()) for _ in range(2)]


def agrees(path: str, answer: Any) -> None:
    """The status is in the document and the JSON has the shape that stands there."""
    call = DOCUMENT["paths"][path].get(answer.request["REQUEST_METHOD"].lower())
    if call is None:
        assert answer.status_code in {401, 405}
        return
    described = call["responses"][str(answer.status_code)]
    for kind, media in described.get("content", {}).items():
        assert answer["Content-Type"].startswith(kind)
        Draft4Validator(nullable(media["schema"])).validate(answer.json())


def nullable(schema: Any) -> Any:
    """OpenAPI 3.0's ``nullable`` in the words of JSON Schema."""
    if isinstance(schema, dict) and "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return nullable(DOCUMENT["components"]["schemas"][name])
    if isinstance(schema, dict):
        inner = {key: nullable(item) for key, item in schema.items() if key != "nullable"}
        return {"anyOf": [{"type": "null"}, inner]} if schema.get("nullable") else inner
    return [nullable(item) for item in schema] if isinstance(schema, list) else schema


def encoded(body: Any) -> bytes:
    """What goes over the wire: nothing, bytes as they are, or JSON."""
    if type(body).__name__ == "NotSet":
        return b""
    return body if isinstance(body, bytes) else json.dumps(body).encode()


@api.include(path_regex="^/api/v1/(me|sessions|health)").parametrize()
@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_what_the_document_allows_is_answered_as_it_says(case: Any, members: list[SignedClient], settings: Any) -> None:
    settings.WECHAT_BASE_URL = "http://127.0.0.1:9"
    settings.THROTTLE_SESSION_PER_MINUTE = settings.THROTTLE_LOGIN_PER_MINUTE = 10**6
    query = urlencode(dict(case.query or {}), doseq=True, errors="replace")
    target = case.formatted_path + (f"?{query}" if query else "")
    body = encoded(case.body)
    for client in members:
        if case.path.endswith("/current"):
            client = factories.client_of(factories.member())
        headers = signed_headers(client.key, case.method, "http://testserver" + target, body)
        agrees(case.path, client.raw(case.method, target, body, headers))
