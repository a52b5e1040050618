"""The policy, the cookies, the start in production, and what logs and error pages keep to themselves."""

import io
import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from console import logs, production, refusals
from core import masking
from core.addresses import client_address
from staff.models import User

CANARY_PHONE, CANARY_OPENID = "13912345678", "o" + "K" * 27
SECRET = "Zk3-9fQ_7vLw2Xy8" * 4


def policy(client: Client, path: str) -> dict[str, str]:
    header = client.get(path).headers["Content-Security-Policy"]
    return {part.split()[0]: part.partition(" ")[2] for part in header.split("; ") if part}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/login/", "/staff/", "/audit/", "/ledger/", "/nope/"])
def test_no_page_of_ours_may_run_inline_script(client: Client, path: str) -> None:
    client.force_login(User.objects.create_superuser("root"))
    found = policy(client, path)
    assert found["script-src"] == "'self'"
    assert found["object-src"] == found["base-uri"] == found["frame-ancestors"] == "'none'"
    assert found["default-src"] == "'none'"


@pytest.mark.django_db
def test_record_pages_get_what_the_theme_needs_and_no_more(client: Client) -> None:
    client.force_login(User.objects.create_superuser("root"))
    found = policy(client, "/records/")
    assert found["script-src"] == "'self' 'unsafe-eval'"
    assert "unsafe-inline" in found["style-src"] and found["object-src"] == found["base-uri"] == "'none'"


def test_no_template_of_ours_has_inline_script() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)|\son[a-z]+\s*=|javascript:|hx-on|hx-vals='js:", re.I)
    found = [
        f"{path}: {match[0]}"
        for path in Path(settings.BASE_DIR, "templates").rglob("*.html")
        if (match := inline.search(re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.S)))
        and 'type="application/json"' not in path.read_text()
    ]
    assert found == []


def test_the_stylesheet_stays_small() -> None:
    assert Path(settings.BASE_DIR, "static/css/atrium.css").stat().st_size < 20_000


def started(**changes: str) -> "subprocess.CompletedProcess[str]":
    clean = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")}
    good = {
        "ATRIUM_PROFILE": "production",
        "SECRET_KEY": SECRET,
        "SESSION_KEYS": f"1={SECRET}",
        "ALLOWED_HOSTS": "atrium.example",
        "PUBLIC_URL": "https://atrium.example",
        "WECHAT_APP_ID": "wx1234567890abcdef",
        "WECHAT_APP_SECRET": "a-secret",
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(
        command, env={**clean, **good, **changes}, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )


def test_production_starts_when_everything_is_there_without_a_warning() -> None:
    answer = started()
    assert answer.returncode == 0, answer.stderr


def test_production_does_not_start_with_wrong_settings_and_names_each() -> None:
    answer = started(DEBUG="1", ATRIUM_DEMO="1", SECRET_KEY="", SESSION_KEYS="", WECHAT_BASE_URL="http://127.0.0.1:1")
    assert answer.returncode != 0
    for name in ("DEBUG", "ATRIUM_DEMO", "SECRET_KEY", "SESSION_KEYS", "WECHAT_BASE_URL"):
        assert f"- {name}" in answer.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", True),
        ("DEMO", True),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "local-only-not-a-secret-" + "0" * 40),
        ("SESSION_KEYS", {}),
        ("SESSION_KEYS", {"1": "x"}),
        ("ALLOWED_HOSTS", ["*"]),
        ("PUBLIC_URL", "http://atrium.example"),
        ("WECHAT_APP_ID", "wx0000000000000000"),
        ("WECHAT_APP_SECRET", "simulator"),
        ("WECHAT_BASE_URL", "https://localhost/"),
        ("SECOND_FACTOR_REQUIRED", False),
    ],
)
def test_each_lack_is_one_line(name: str, value: object) -> None:
    good = {
        "DEBUG": False,
        "DEMO": False,
        "SECRET_KEY": SECRET,
        "SESSION_KEYS": {"1": SECRET},
        "ALLOWED_HOSTS": ["atrium.example"],
        "PUBLIC_URL": "https://atrium.example",
        "WECHAT_APP_ID": "wx1234567890abcdef",
        "WECHAT_APP_SECRET": "a-secret",
        "WECHAT_BASE_URL": "https://api.weixin.qq.com",
        "SECOND_FACTOR_REQUIRED": True,
    }
    assert production.problems(good) == []
    assert len(production.problems({**good, name: value})) == 1


def logged(message: str, *args: object, **extra: object) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    configured = logs.configure(json=True, level="INFO")["formatters"]["masked"]
    handler.setFormatter(
        logs.MaskedFormatter(processor=configured["processor"], foreign_pre_chain=configured["foreign_pre_chain"])
    )
    logger = logging.getLogger("test.canary")
    logger.addHandler(handler)
    try:
        logger.warning(message, *args, extra=extra)
        try:
            raise ValueError(f"phone {CANARY_PHONE}")
        except ValueError:
            logger.exception("failed for %s", CANARY_OPENID)
    finally:
        logger.removeHandler(handler)
    return stream.getvalue()


def test_no_canary_reaches_a_log_line() -> None:
    text = logged("call of %s by %s", CANARY_PHONE, {"openid": CANARY_OPENID, "nickname": "王小明"})
    assert CANARY_PHONE not in text and CANARY_OPENID not in text
    assert "139****5678" in text


def test_values_are_masked_by_their_key_and_by_what_they_look_like() -> None:
    event = logs.mask(None, "info", {"event": f"x {CANARY_PHONE}", "phone": CANARY_PHONE, "password": "p", "n": 3})
    assert event == {"event": "x 139****5678", "phone": "139****5678", "password": "[hidden]", "n": 3}
    assert masking.tree({"a": [{"email": "ada@example.com"}]}) == {"a": [{"email": "a**"}]}
    assert masking.text("order 20260105123456 costs 1240000") == "order 20260105123456 costs 1240000"


def test_an_error_page_repeats_nothing_of_the_request() -> None:
    request = RequestFactory().post("/x/", {"phone": CANARY_PHONE})
    page = refusals.broken(request)
    assert page.status_code == 500 and CANARY_PHONE.encode() not in page.content
    problem = json.loads(refusals.broken(RequestFactory().get("/api/v1/x")).content)
    assert problem["code"] == "server_error" and problem["status"] == 500


@pytest.mark.parametrize(
    ("proxies", "header", "expected"),
    [
        (0, "6.6.6.6", "9.9.9.9"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 5.5.5.5", "1.2.3.4"),
        (1, "", "9.9.9.9"),
    ],
)
def test_a_forged_header_does_not_move_the_address(proxies: int, header: str, expected: str) -> None:
    request = RequestFactory().get("/", headers={"X-Forwarded-For": header}, REMOTE_ADDR="9.9.9.9")
    assert client_address(request, proxies) == expected
