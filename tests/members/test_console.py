"""Members in the console: list, page, block, reveal, edit, export."""

from typing import Any

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from members import registry
from members.models import Member, MemberSession
from members.services import notify
from staff.models import Role, User
from tests import factories

PHONE = "13812345678"


def staff(*codes: str) -> Client:
    """A browser of somebody with these permissions."""
    role = Role.objects.create(slug=f"r{Role.objects.count()}", name="r", permissions=list(codes))
    user = User.objects.create_user(f"u{User.objects.count()}", all_venues=True)
    user.roles.add(role)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def deeds() -> Any:
    """What was traced of members (roles and users leave traces of their own)."""
    return LogEntry.objects.filter(additional_data__action__startswith="member.")


@pytest.fixture
def who(db: None) -> Member:
    return factories.member(nickname="王小明", phone=PHONE, email="ming@example.com", note="likes tea")


ALL = ("members.view", "members.manage", "members.block", "members.reveal", "members.export", "members.import")


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("get", "", "members.view"),
        ("get", "{pk}/", "members.view"),
        ("post", "{pk}/reveal/", "members.reveal"),
        ("get", "{pk}/edit/", "members.manage"),
        ("post", "{pk}/edit/", "members.manage"),
        ("post", "{pk}/block/", "members.block"),
        ("post", "{pk}/unblock/", "members.block"),
        ("get", "export.csv", "members.export"),
        ("get", "import/", "members.import"),
    ],
)
def test_every_page_needs_its_permission(who: Member, method: str, path: str, code: str) -> None:
    address = "/members/" + path.format(pk=who.pk)
    others = staff(*[other for other in ALL if other != code])
    assert getattr(others, method)(address, {"reason": "x", "nickname": "x"}).status_code == 403
    assert getattr(Client(), method)(address).status_code == 302
    who.refresh_from_db()
    assert (who.status, who.nickname, deeds().count()) == ("active", "王小明", 0)


@pytest.mark.parametrize("text", ["王小明", "5678", PHONE, "138 1234 5678", "小明"])
def test_the_list_finds_by_name_and_phone_and_masks_both(who: Member, text: str) -> None:
    factories.member(nickname="Ada", phone="13900000000")
    page = staff("members.view").get("/members/", {"q": text})
    html = page.content.decode()
    assert (page.status_code, page.context["count"]) == (200, 1)
    assert "王**" in html and "138****5678" in html and "小明</a>" not in html
    assert text == PHONE or PHONE not in html


def test_the_list_filters_and_pages_by_key_with_the_same_queries(who: Member) -> None:
    Member.objects.bulk_create(
        [Member(nickname=f"m{n}", openid=f"p{n}", created_at=clock.now(), status="blocked") for n in range(60)]
    )
    client = staff("members.view")
    client.get("/members/")
    with CaptureQueriesContext(connection) as few:
        client.get("/members/", {"status": "active"})
    with CaptureQueriesContext(connection) as many:
        page = client.get("/members/", {"status": "blocked"})
    assert len(few) == len(many)
    assert (len(page.context["members"]), page.context["count"]) == (50, 60)
    second = client.get("/members/", {"status": "blocked", "cursor": page.context["next"]})
    assert (len(second.context["members"]), second.context["next"]) == (10, "")


@pytest.mark.parametrize(
    "query", ["status=x", "plan=%00", "cursor=x", "cursor=99999999999999999999", "q=%00%ff", "level='"]
)
def test_odd_queries_are_answered(who: Member, query: str) -> None:
    assert staff("members.view").get(f"/members/?{query}").status_code == 200


def test_the_page_shows_everything_masked(who: Member) -> None:
    factories.client_of(who)
    notify(member=who, kind="t", key="k", title="Welcome in", at=clock.now())
    registry.panel("t", "Extra", "components/messages.html", lambda *_: {}, permission="members.view")
    html = staff("members.view").get(f"/members/{who.pk}/").content.decode()
    registry._panels.pop("t")
    assert "138****5678" in html and "Welcome in" in html and "Extra" in html and "likes tea" in html
    assert PHONE not in html and "王小明" not in html and "ming@" not in html and who.openid not in html


def test_the_panel_is_the_page_without_its_frame(who: Member) -> None:
    headers = {"HX-Request": "true", "HX-Target": "panel-body"}
    page = staff("members.view").get(f"/members/{who.pk}/", headers=headers)
    assert b"<html" not in page.content and b"<h2>" in page.content


def test_personal_data_is_shown_once_and_leaves_a_trace(who: Member) -> None:
    page = staff("members.reveal", "members.view").post(f"/members/{who.pk}/reveal/")
    html = page.content.decode()
    assert PHONE in html and "王小明" in html and "ming@example.com" in html
    assert "no-store" in page["Cache-Control"]
    assert deeds().get().additional_data["action"] == "member.reveal"


def test_blocking_ends_every_session_at_once(who: Member) -> None:
    signed = factories.client_of(who)
    client = staff("members.block", "members.view")
    refused = client.post(f"/members/{who.pk}/block/", {"reason": ""})
    assert (refused.status_code, signed.get("/me").status_code) == (422, 200)
    assert client.post(f"/members/{who.pk}/block/", {"reason": "broke a lamp"}).status_code == 302
    assert signed.get("/me").json()["code"] == "session_expired"
    entry = deeds().get()
    assert (entry.additional_data["reason"], entry.changes) == ("broke a lamp", {"status": ["active", "blocked"]})
    assert b"broke a lamp" in client.get(f"/members/{who.pk}/").content
    again = client.post(f"/members/{who.pk}/block/", {"reason": "again"}, follow=True)
    assert deeds().count() == 1 and b"Somebody else was quicker" in again.content
    client.post(f"/members/{who.pk}/unblock/")
    who.refresh_from_db()
    assert (who.status, who.blocked_reason) == ("active", "")


def test_one_session_can_be_ended(who: Member) -> None:
    first, second = factories.client_of(who), factories.client_of(who)
    session = MemberSession.objects.get(key_id=first.key.key_id)
    client = staff("members.block")
    assert client.post(f"/members/{who.pk}/sessions/{session.pk}/end/").status_code == 302
    assert (first.get("/me").status_code, second.get("/me").status_code) == (401, 200)
    other = factories.member()
    assert client.post(f"/members/{other.pk}/sessions/{session.pk}/end/").status_code == 404


def form_of(who: Member, **changes: Any) -> dict[str, Any]:
    values = {name: getattr(who, name) or "" for name in ("nickname", "phone", "email", "language", "level", "note")}
    return values | changes


def test_an_edit_is_traced_with_before_and_after(who: Member) -> None:
    client = staff("members.manage", "members.reveal", "members.view")
    assert client.get(f"/members/{who.pk}/edit/").status_code == 200
    answer = client.post(f"/members/{who.pk}/edit/", form_of(who, phone="13900000001", level="gold"))
    assert answer.status_code == 302
    who.refresh_from_db()
    assert (who.phone, who.phone_last4, who.level) == ("13900000001", "0001", "gold")
    assert deeds().get().changes == {
        "level": ["standard", "gold"], "phone": ["138****5678", "139****0001"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field"),
    [({"phone": "abc"}, "phone"), ({"phone": "13900000000"}, "phone"), ({"nickname": ""}, "nickname"),
     ({"level": "iron"}, "level"), ({"email": "x"}, "email")],
)  # fmt: skip
def test_a_wrong_edit_is_told_in_place(who: Member, change: dict[str, str], field: str) -> None:
    factories.member(phone="13900000000")
    page = staff("members.manage", "members.reveal").post(f"/members/{who.pk}/edit/", form_of(who, **change))
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    who.refresh_from_db()
    assert (who.phone, who.nickname, deeds().count()) == (PHONE, "王小明", 0)


def test_who_may_not_see_personal_data_cannot_edit_it(who: Member) -> None:
    client = staff("members.manage")
    page = client.get(f"/members/{who.pk}/edit/").content.decode()
    assert PHONE not in page and "ming@" not in page and 'value="王小明"' not in page
    client.post(f"/members/{who.pk}/edit/", form_of(who, phone="1", note="new"))
    who.refresh_from_db()
    assert (who.phone, who.note) == (PHONE, "new")


@pytest.mark.parametrize("reveals", [False, True])
def test_the_export_is_the_list_masked_and_harmless(who: Member, reveals: bool) -> None:
    factories.member(nickname="=HYPERLINK(1)", phone="13900000000")
    factories.member(nickname="gone", status="blocked")
    codes = ["members.export", *(["members.reveal"] if reveals else [])]
    answer = staff(*codes).get("/members/export.csv", {"status": "active"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert len(text.strip().splitlines()) == 3
    assert (PHONE in text) is reveals and ("ming@example.com" in text) is reveals
    assert "gone" not in text and ",=" not in text
    assert deeds().get().additional_data["action"] == "member.export"


def test_the_global_search_finds_members_masked(who: Member) -> None:
    page = staff("members.view").get("/search/", {"q": "5678"})
    assert page["Location"] == f"/members/{who.pk}/"
