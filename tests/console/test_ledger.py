"""The ledger: command, page and repair; and the audit trail beside it."""

import json
from collections.abc import Iterator
from datetime import datetime
from io import StringIO

import pytest
from auditlog.models import LogEntry
from django.core.management import CommandError, call_command
from django.test import Client

from core import ledger, permissions
from core import search as finder
from staff.models import Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def broken() -> Iterator[list[int]]:
    """A check of our own with three drifts, each repaired by taking it off the list."""
    wrong = [1, 2, 3]

    def check() -> Iterator[ledger.Drift]:
        yield from [ledger.Drift(f"test.row:{n}", f"row {n} <script>", {"n": n}) for n in wrong]

    def fix(drift: ledger.Drift, at: datetime) -> None:
        wrong.remove(drift.data["n"])

    ledger.register("test.rows", "Rows", check, fix)
    yield wrong
    ledger._checks.pop("test.rows")


def person(slug: str) -> User:
    user = User.objects.create_user(slug, all_venues=True)
    user.roles.set(Role.objects.filter(slug=slug))
    return user


def test_the_command_exits_with_an_error_and_says_what_drifted(broken: list[int]) -> None:
    out = StringIO()
    with pytest.raises(CommandError) as failed:
        call_command("verify_ledger", "--json", "--only", "test.rows", stdout=out)
    assert failed.value.returncode == 1
    told = json.loads(out.getvalue())
    assert told["drifts"] == 3 and [item["subject"] for item in told["checks"][0]["found"]] == [
        "test.row:1",
        "test.row:2",
        "test.row:3",
    ]


def test_the_command_repairs_and_then_agrees(broken: list[int]) -> None:
    out = StringIO()
    call_command("verify_ledger", "--fix", "--only", "test.rows", stdout=out)
    assert broken == [] and "3 repaired" in out.getvalue()


def test_the_page_shows_drift_as_text_and_repairs_for_those_who_may(client: Client, broken: list[int]) -> None:
    client.force_login(person(permissions.AUDITOR))
    page = client.get("/ledger/").content.decode()
    assert "test.row:1" in page and "&lt;script&gt;" in page
    assert client.post("/ledger/test.rows/fix/").status_code == 403 and broken == [1, 2, 3]
    owner = person(permissions.OWNER)
    client.force_login(owner)
    assert client.post("/ledger/nothing/fix/").status_code == 404
    assert client.post("/ledger/test.rows/fix/").status_code == 302 and broken == []
    entry = LogEntry.objects.latest("id")
    assert entry.actor == owner and entry.additional_data["action"] == "ledger.fix"


def test_the_trail_is_paged_by_key_and_filtered(client: Client) -> None:
    owner = person(permissions.OWNER)
    client.force_login(owner)
    for number in range(60):
        User.objects.create_user(f"u{number:02d}", name=f"name-{number:02d}")
    first = client.get("/audit/?text=name-")
    assert len(first.context["page"].entries) == 50 and first.context["page"].next
    second = client.get("/audit/", {"text": "name-", "cursor": first.context["page"].next})
    assert len(second.context["page"].entries) == 10 and not second.context["page"].next
    assert client.get("/audit/?first_day=nonsense").context["page"].entries == []
    assert client.get("/audit/?cursor=-1&text=name-59").context["page"].entries[0].object_repr == "name-59"


def test_search_asks_only_providers_that_the_role_may_use(client: Client) -> None:
    def provider(query: str, actor: object, limit: int) -> list[finder.Result]:
        return [finder.Result("Test", f"<b>{query}</b>", "", "/account/") for _ in range(2)]

    finder.register(provider, permission="ledger.fix")
    try:
        client.force_login(person(permissions.DESK))
        assert b'/account/">' not in client.get("/search/?q=zz").content.split(b"<main")[1]
        client.force_login(person(permissions.OWNER))
        page = client.get("/search/?q=zz").content.decode()
        assert page.count("&lt;b&gt;zz&lt;/b&gt;") == 2
    finally:
        finder._providers.pop(provider)
