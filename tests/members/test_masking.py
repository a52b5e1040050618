"""Personal data stays in: canaries of phones, openids and secrets in logs, problems and answers."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from members import entrance
from members.models import Member
from tests import factories
from tests.client import SignedClient

PHONE, OPENID, NAME, EMAIL = "13877776666", "o" + "Canary_openid-0123456789abcde", "欧阳金丝雀", "canary@example.com"
CANARIES = (PHONE, OPENID, EMAIL)


class Keeper(logging.Handler):
    """Keeps what would be written, with tracebacks."""

    def __init__(self) -> None:
        super().__init__(0)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(logging.Formatter().format(record))


@pytest.fixture
def kept() -> Iterator[list[str]]:
    keeper, root = Keeper(), logging.getLogger()
    level = root.level
    root.addHandler(keeper)
    root.setLevel(logging.DEBUG)
    yield keeper.lines
    root.removeHandler(keeper)
    root.setLevel(level)


@pytest.fixture
def who(db: None) -> Member:
    return factories.member(nickname=NAME, phone=PHONE, openid=OPENID, email=EMAIL)


def test_no_log_line_holds_personal_data_or_a_secret(who: Member, kept: list[str], settings: Any) -> None:
    settings.WECHAT_BASE_URL = "http://127.0.0.1:9"
    client = factories.client_of(who)
    client.get("/me")
    client.patch("/me", {"avatar_url": "x", "nickname": NAME})
    client.post("/me/phone", {"code": f"phone:{PHONE}"})
    Client().post("/api/v1/sessions", {"code": f"sim:{OPENID}"}, content_type="application/json")
    SignedClient(client.key).send("GET", "/me", nonce="short")
    text = "\n".join(line for line in kept if "INSERT" not in line and "SELECT" not in line and "UPDATE" not in line)
    assert kept and not any(canary in text for canary in CANARIES)
    assert client.key.secret.hex() not in text


def test_an_unforeseen_error_is_told_without_its_cause(
    who: Member, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError(f"{PHONE} {OPENID}")

    settings.DEBUG = False
    client = factories.client_of(who)
    client._django.raise_request_exception = False
    monkeypatch.setattr(entrance.MemberView, "member_of", broken)
    answer = client.get("/me")
    assert answer.status_code == 500 and not any(canary in answer.content.decode() for canary in CANARIES)


def test_the_member_sees_their_phone_masked_and_never_the_openid(who: Member) -> None:
    body = factories.client_of(who).get("/me").content.decode()
    assert "138****6666" in body and not any(canary in body for canary in CANARIES)
