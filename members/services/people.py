"""Members themselves: first seen, named, bound to a phone, blocked."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import DomainError, Invalid
from core.transactions import lock_one, unit, violates
from members.models import Member
from members.services.sessions import end_sessions_of

EDITABLE = ("nickname", "avatar_url", "language", "email", "level", "note", "plan", "plan_ends_at", "phone")


class PhoneTaken(DomainError):
    code = "phone_taken"
    message = _("This phone belongs to another member; please ask at the desk.")


@unit
def _create(*, openid: str, unionid: str, nickname: str, at: datetime) -> Member:
    return Member.objects.create(openid=openid, unionid=unionid, nickname=nickname, created_at=at)


def ensure_member(*, openid: str, unionid: str = "", nickname: str = "", at: datetime) -> Member:
    """The member with this openid, created on first sight; safe against a double log-in."""
    found = Member.objects.filter(openid=openid).first()
    if found:
        return found
    try:
        return _create(openid=openid, unionid=unionid, nickname=nickname or "微信用户", at=at)
    except IntegrityError:
        return Member.objects.get(openid=openid)


@unit
def update_profile(*, member: Member, changes: dict[str, Any], by: Any = None) -> Member:
    """Change what the member or staff may change; staff changes leave an audit entry.

    Raises Invalid for a field that is not editable, PhoneTaken for another member's phone.
    """
    fresh = lock_one(Member.objects.all(), member.pk) or member
    before = {}
    for name, value in changes.items():
        if name not in EDITABLE:
            raise Invalid(_("This cannot be changed."), field=name)
        before[name] = getattr(fresh, name)
        setattr(fresh, name, value)
    fresh.phone_last4 = (fresh.phone or "")[-4:]
    _save(fresh, [*changes, "phone_last4"])
    if by is not None and before != changes:
        audit.record(actor=by, action="member.edit", subject=fresh, before=before, after=changes)
    return fresh


def bind_phone(*, member: Member, phone: str) -> Member:
    """Bind the phone that WeChat vouched for. Raises PhoneTaken."""
    return update_profile(member=member, changes={"phone": phone})


@unit
def block(*, member: Member, reason: str, by: Any, at: datetime) -> int:
    """Block a member and end their sessions at once; answers how many sessions ended."""
    Member.objects.filter(pk=member.pk).update(status=Member.Status.BLOCKED, blocked_reason=reason[:200])
    after = {"status": "blocked"}
    audit.record(
        actor=by, action="member.block", subject=member, before={"status": member.status}, after=after, reason=reason
    )
    return end_sessions_of(member=member, at=at)


@unit
def unblock(*, member: Member, by: Any) -> None:
    """Let a blocked member in again; they have to log in anew."""
    Member.objects.filter(pk=member.pk).update(status=Member.Status.ACTIVE, blocked_reason="")
    before, after = {"status": member.status}, {"status": "active"}
    audit.record(actor=by, action="member.unblock", subject=member, before=before, after=after)


def _save(member: Member, fields: list[str]) -> None:
    try:
        member.save(update_fields=fields)
    except IntegrityError as error:
        if violates(error, Member, "phone") or "phone" in str(error):
            raise PhoneTaken(field="phone") from error
        raise
