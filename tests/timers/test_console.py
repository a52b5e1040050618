import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.management import call_command
from django.template import Context, Template
from django.test import Client, RequestFactory

from core import permissions
from staff.models import Role, User
from tests import factories
from tests.timers import probe
from timers import dbclock, handlers, queries, registry, services
from timers.models import OutboxMessage, Timer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probe_table")]
S = timedelta(seconds=1)
SignedIn = Callable[..., Client]


def user(role: str, **fields: Any) -> User:
    made = User.objects.create_user(role, "a-long-enough-one", all_venues=fields.pop("all_venues", True), language="en")
    made.roles.set(Role.objects.filter(slug=role))
    return made


def signed_in(role: str, **fields: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user(role, **fields))
    return client


def armed(count: int = 1, due: timedelta = 60 * S, **fields: Any) -> list[Timer]:
    at = dbclock.now()
    made = [probe.Probe.objects.create() for _ in range(count)]
    wanted = [services.Wanted(row, at + due, reason="hold ends") for row in made]
    rows = services.schedule_many(kind=probe.EXPIRE, wanted=wanted, at=at)
    if fields:
        Timer.objects.filter(pk__in=[row.pk for row in rows]).update(**fields)
    return rows


def dead() -> Timer:
    return armed(state="dead", open_key=None, attempts=10, error="RuntimeError: broken")[0]


def test_the_tabs_show_what_is_due_late_dead_and_outgoing() -> None:
    armed()
    armed(due=-60 * S, reason="late one")
    dead()
    OutboxMessage.objects.create(key="k1", topic="inbox", next_at=dbclock.now(), created_at=dbclock.now())
    client = signed_in(permissions.MANAGER)
    words = {"soon": "hold ends", "late": "late one", "dead": "RuntimeError: broken", "outbox": "k1"}
    for tab, word in words.items():
        page = client.get(f"/timers/?tab={tab}")
        assert (page.status_code, word in page.content.decode()) == (200, True)
    assert client.get("/timers/?tab=nonsense&kind=none&cursor=2026|x").status_code == 200


def test_pages_follow_each_other_by_key_without_gap_or_repeat() -> None:
    rows = armed(120)
    client, seen, address = signed_in(permissions.MANAGER), [], {"tab": "soon", "cursor": ""}
    for size in (50, 50, 20):
        page = client.get("/timers/", address)
        assert len(page.context["page"]) == size
        seen += [row.pk for row in page.context["page"]]
        address["cursor"] = page.context["next"]
    assert (seen, address["cursor"]) == ([row.pk for row in rows], "")


def test_the_buttons_fire_cancel_and_retry_with_an_audit_entry() -> None:
    client, (first, second), third = signed_in(permissions.MANAGER), armed(2), dead()
    for pk, action in ((first.pk, "fire"), (second.pk, "cancel"), (third.pk, "redrive")):
        answer = client.post(f"/timers/{pk}/{action}/", {"next": "https://evil.example/"})
        assert answer.headers["Location"] == "/timers/"
    first.refresh_from_db()
    assert first.due_at <= dbclock.now()
    assert list(Timer.objects.order_by("pk").values_list("state", flat=True)) == ["scheduled", "cancelled", "scheduled"]
    done = [entry.additional_data["action"] for entry in LogEntry.objects.order_by("pk") if entry.additional_data]
    assert done == ["timer.fire_now", "timer.cancel", "timer.redrive"]


def test_a_finished_timer_and_a_subject_armed_again_refuse_in_words() -> None:
    client, gone = signed_in(permissions.MANAGER), dead()
    assert client.post(f"/timers/{gone.pk}/cancel/").status_code == 302
    subject = probe.Probe.objects.get(pk=gone.subject_id)
    services.schedule(kind=probe.EXPIRE, subject=subject, due_at=dbclock.now() + 60 * S, at=dbclock.now())
    page = client.post(f"/timers/{gone.pk}/redrive/", follow=True)
    assert "another live timer" in page.content.decode()
    gone.refresh_from_db()
    assert gone.state == "dead"


def test_who_may_only_look_changes_nothing() -> None:
    (row,), client = armed(), signed_in(permissions.DESK)
    assert client.get("/timers/").status_code == 200
    for action in ("fire", "cancel", "redrive"):
        assert client.post(f"/timers/{row.pk}/{action}/").status_code == 403
    assert Client().get("/timers/").status_code == 302
    before = row.due_at
    row.refresh_from_db()
    assert (row.state, row.due_at) == ("scheduled", before)


def test_another_venues_timers_do_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    room = factories.room()
    monkeypatch.setitem(
        registry._kinds, "probe.room", registry.TimerKind("probe.room", type(room), "Room", lambda *_: None)
    )
    row = services.schedule(kind="probe.room", subject=room, due_at=dbclock.now() + 60 * S, at=dbclock.now())
    client = signed_in(permissions.MANAGER, all_venues=False)
    assert [t.pk for t in client.get("/timers/").context["page"]] == []
    assert client.post(f"/timers/{row.pk}/cancel/").status_code == 404
    row.refresh_from_db()
    assert row.state == "scheduled"


@pytest.mark.parametrize(("role", "buttons"), [(permissions.MANAGER, True), (permissions.DESK, False)])
def test_what_happens_next_shows_reason_time_and_buttons_for_those_allowed(role: str, buttons: bool) -> None:
    (row,) = armed()
    subject = probe.Probe.objects.get(pk=row.subject_id)
    request = RequestFactory().get("/here/")
    request.user = user(role)
    page = Template("{% load timers %}{% what_happens_next subject %}").render(
        Context({"request": request, "subject": subject})
    )
    assert "hold ends" in page
    assert (f"/timers/{row.pk}/fire/" in page) is buttons


def test_health_fails_while_something_due_does_not_fire(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("timers", "--health", "--json")
    assert json.loads(capsys.readouterr().out)["healthy"] is True
    for fields in ({"due": -90 * S}, {"state": "dead", "open_key": None}):
        rows = armed(**fields)
        with pytest.raises(SystemExit) as stopped:
            call_command("timers", "--health", "--json")
        found = json.loads(capsys.readouterr().out)
        assert (stopped.value.code, found["overdue"] + found["dead"]) == (1, 1)
        Timer.objects.filter(pk__in=[row.pk for row in rows]).delete()


def test_the_ledger_finds_each_broken_invariant() -> None:
    armed()
    assert list(handlers.drifts()) == []
    armed(open_key="probe.expire:x:1")
    armed(kind="nobody.knows")
    armed(state="fired", open_key=None, fired_at=dbclock.now())
    armed(state="leased")
    found = sorted(drift.text.split(": ")[1] for drift in handlers.drifts())
    assert found == [
        "it fired before it was due",
        "it is leased for ever",
        "its key does not belong to its subject",
        "its key does not belong to its subject",
        "no handler is registered for its kind",
    ]


def test_lateness_is_counted_into_bars() -> None:
    now = dbclock.now()
    for late in (0, 249, 250, 1499, 400_000):
        armed(state="fired", open_key=None, fired_at=now, lateness_ms=late)
    assert [bar.count for bar in queries.lateness(now - 60 * S)] == [2, 1, 0, 1, 0, 0, 0, 0, 1]
