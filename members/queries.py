"""Reads about members."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auditlog.models import LogEntry
from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core import masking
from core.search import Result
from members.models import Member, MemberSession
from members.rules import ACTIONS, derive_secret

PAGE = 50
_STORY = 30


@dataclass(frozen=True)
class Deed:
    """One line of a member's story: what staff did, why and when."""

    at: datetime
    text: str
    who: str
    reason: str


def secret_of(session: MemberSession) -> bytes | None:
    """The session's 32-byte secret, or None where its master key was retired."""
    master = settings.SESSION_KEYS.get(session.key_version)
    return derive_secret(master, session.key_id) if master else None


def unread_count(member: Member) -> int:
    """Messages in the member's inbox that were not read yet."""
    return member.messages.filter(read_at=None).count()


def found(*, text: str = "", status: str = "", plan: str = "", level: str = "") -> QuerySet[Member]:
    """Members by name, phone (four digits: the last four) and filters, newest first."""
    rows = Member.objects.select_related("plan").order_by("-pk")
    exact = {"status": status, "plan__code": plan, "level": level}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    wanted = text.strip()
    if not wanted:
        return rows
    digits = wanted.replace(" ", "").replace("-", "").removeprefix("+86")
    if digits.isascii() and digits.isdigit() and len(digits) >= 4:
        return rows.filter(phone_last4=digits) if len(digits) == 4 else rows.filter(phone__startswith=digits)
    return rows.filter(nickname__icontains=wanted)


def page_of(rows: QuerySet[Member], cursor: str, size: int = PAGE) -> tuple[list[Member], str]:
    """One page after the member with the primary key ``cursor``, and the cursor of the next page or ``""``."""
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 19:
        rows = rows.filter(pk__lt=int(cursor))
    page = list(rows[: size + 1])
    return page[:size], str(page[size - 1].pk) if len(page) > size else ""


def taken_phones(phones: Iterable[str]) -> set[str]:
    """Those of ``phones`` that a member has, asked in batches."""
    wanted = [phone for phone in phones if phone]
    batches = [wanted[start : start + 500] for start in range(0, len(wanted), 500)]
    return {
        str(phone)
        for batch in batches
        for phone in Member.objects.filter(phone__in=batch).values_list("phone", flat=True)
    }


def story(member: Member) -> list[Deed]:
    """What staff did with this member, newest first."""
    entries = LogEntry.objects.get_for_object(member).select_related("actor").order_by("-pk")[:_STORY]
    return [_deed(entry) for entry in entries]


def search(query: str, actor: Any, limit: int) -> Iterable[Result]:
    """The provider of the global search; names and phones are masked."""
    return [
        Result(
            kind=_("Member"),
            title=masking.name(member.nickname),
            subtitle=masking.phone(member.phone),
            url=reverse("members:member", args=[member.pk]),
            icon="person",
        )
        for member in found(text=query)[:limit]
    ]


def _deed(entry: Any) -> Deed:
    data = entry.additional_data or {}
    action = str(data.get("action", ""))
    text = str(ACTIONS.get(action, action or entry.get_action_display()))
    return Deed(entry.timestamp, text, str(entry.actor or ""), str(data.get("reason", "")))
