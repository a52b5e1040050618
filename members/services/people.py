"""Members themselves: first seen, named, bound to a phone, blocked."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from core import audit, masking
from core.errors import DomainError, Invalid, WrongState
from core.transactions import lock_one, unit, violates
from members.models import Member, MemberSession
from members.services.sessions import end_session, end_sessions_of

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
    save_unique(fresh, [*changes, "phone_last4"])
    told = {name: value for name, value in changes.items() if before[name] != value}
    if by is not None and told:
        _trace(fresh, "member.edit", by, _masked({name: before[name] for name in told}), _masked(told))
    return fresh


def bind_phone(*, member: Member, phone: str) -> Member:
    """Bind the phone that WeChat vouched for. Raises PhoneTaken."""
    return update_profile(member=member, changes={"phone": phone})


@unit
def block(*, member: Member, reason: str, by: Any, at: datetime) -> int:
    """Block a member and end their sessions at once; answers how many sessions ended.

    ``at`` is real time, as sessions use it. Raises WrongState where the member is blocked already.
    """
    _switch(member, Member.Status.ACTIVE, Member.Status.BLOCKED, reason[:200])
    _trace(member, "member.block", by, {"status": "active"}, {"status": "blocked"}, reason)
    return end_sessions_of(member=member, at=at)


@unit
def unblock(*, member: Member, by: Any) -> None:
    """Let a blocked member in again; they have to log in anew. Raises WrongState."""
    _switch(member, Member.Status.BLOCKED, Member.Status.ACTIVE, "")
    _trace(member, "member.unblock", by, {"status": "blocked"}, {"status": "active"})


@unit
def reveal(*, member: Member, by: Any) -> Member:
    """Leave a trace that personal data was looked at, and hand out the member unmasked."""
    _trace(member, "member.reveal", by, None, None)
    return member


@unit
def end_session_by_staff(*, session: MemberSession, by: Any, at: datetime) -> bool:
    """End one session of a member; False where it had ended before. ``at`` is real time."""
    ended = end_session(session=session, at=at)
    if ended:
        _trace(session.member, "member.end_session", by, {"session": "open"}, {"session": "ended"})
    return ended


def _switch(member: Member, old: str, new: str, reason: str) -> None:
    rows = Member.objects.filter(pk=member.pk, status=old)
    if not rows.update(status=new, blocked_reason=reason):
        raise WrongState(_("Somebody else was quicker; this is done already."), data={"state": new})


def _trace(member: Member, action: str, by: Any, before: Any, after: Any, reason: str = "") -> None:
    audit.record(actor=by, action=action, subject=member, before=before, after=after, reason=reason)


def _masked(values: dict[str, Any]) -> dict[str, Any]:
    return {name: masking.value(name, value) if name in ("phone", "email") else value for name, value in values.items()}


def save_unique(member: Member, fields: list[str] | None = None) -> None:
    """Save a member inside a unit of work. Raises PhoneTaken."""
    try:
        member.save(update_fields=fields)
    except IntegrityError as error:
        if violates(error, Member, "phone") or "phone" in str(error):
            raise PhoneTaken(field="phone") from error
        raise
