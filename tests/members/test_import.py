"""Members from a file: errors in place, all or nothing, one entry in the trail."""

from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from core import imports
from members.forms import import_columns
from members.models import Member
from tests import factories
from tests.members.test_console import staff

GOOD = "nickname,phone,level\n王小明,13812345678,gold\nAda,,\n"


def send(text: str | None = None, raw: bytes | None = None, **more: str) -> Any:
    data: dict[str, Any] = dict(more)
    if raw is not None:
        data["file"] = SimpleUploadedFile("members.csv", raw)
    if text is not None:
        data["text"] = text
    return staff("members.import", "members.view").post("/members/import/", data)


@pytest.mark.django_db
def test_a_preview_writes_nothing_and_accepting_it_writes_all() -> None:
    preview = send(raw=GOOD.encode("utf-8-sig"))
    assert (preview.status_code, preview.context["sheet"].good, Member.objects.count()) == (200, True, 0)
    done = send(preview.context["form"].initial["text"], apply="1")
    assert (done.status_code, Member.objects.count()) == (302, 2)
    ming = Member.objects.get(nickname="王小明")
    assert (ming.phone, ming.phone_last4, ming.level, ming.openid) == ("13812345678", "5678", "gold", None)
    entry = LogEntry.objects.get(additional_data__action="member.import")
    assert entry.changes == {"members": ["", "2"]}


@pytest.mark.django_db
def test_one_bad_row_keeps_every_row_out_and_is_shown_in_place() -> None:
    factories.member(phone="13900000000")
    text = "Name;Phone;Email\nA;13812345678;a@b.cn\nB;13812345678;x\n;13900000000;\n"
    page = send(text, apply="1")
    rows = page.context["sheet"].rows
    assert [list(row.errors) for row in rows] == [[], ["email", "phone"], ["nickname", "phone"]]
    assert (page.status_code, Member.objects.count()) == (422, 1)
    html = page.content.decode()
    assert "The same as in line 2." in html and "A member has this phone already." in html
    assert "2 rows have an error" in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nickname\n", "no rows"),
        ("phone\n13812345678\n", "Missing columns: nickname"),
        ("nickname,shoe\nA,43\n", "Unknown columns: shoe"),
        ("nickname,Name\nA,B\n", "there twice"),
        ("nickname\nA,B\n", "More cells than columns"),
        ("nickname,plan\nA,no-such\n", "valid choice"),
        ("nickname\nA\x00\n", "Null characters are not allowed."),
        ("nickname\n" + "A\n" * 5001, "More than 5000 rows"),
        ("", "Choose a file"),
    ],
)
def test_a_file_that_is_no_list_of_members_is_refused(text: str, told: str) -> None:
    page = send(text, apply="1")
    assert (page.status_code, Member.objects.count()) == (422, 0)
    assert told in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("raw", "told"),
    [(b"\xff\xfe\x00\x81", "not text"), (b"nickname\n" + b"x" * 500_000, "larger than 400 kB")],
)
def test_a_file_that_is_no_text_or_too_large_is_refused(raw: bytes, told: str) -> None:
    page = send(raw=raw, apply="1")
    assert (page.status_code, told in page.content.decode(), Member.objects.count()) == (422, True, 0)


@pytest.mark.django_db
def test_a_file_as_excel_writes_it_in_china_is_read() -> None:
    page = send(raw="nickname\n王小明\n".encode("gb18030"), apply="1")
    assert (page.status_code, Member.objects.get().nickname) == (302, "王小明")


@pytest.mark.django_db
def test_what_our_export_neutralised_comes_back_as_it_was() -> None:
    send("nickname,phone\nA,'+8613812345678\n", apply="1")
    assert Member.objects.get().phone == "+8613812345678"


@pytest.mark.django_db
@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=200) | st.text(alphabet="a,;\"\n\r\t'=", max_size=80).map(lambda rest: "nickname,phone\n" + rest)
)
def test_no_text_breaks_the_reader(text: str) -> None:
    sheet = imports.read(text, import_columns())
    assert sheet.rows or sheet.problems
