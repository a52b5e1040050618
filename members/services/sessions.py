"""Signed sessions: opened at log-in, ended by the member, by staff or by time."""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from core.transactions import unit
from members.models import Member, MemberSession
from members.rules import derive_secret

KEPT = timedelta(days=90)
"""How long an ended session stays readable for staff."""


@dataclass(frozen=True)
class Opened:
    """A new session with its secret (base64url without padding, 32 bytes), told only once."""

    session: MemberSession
    secret: str


@unit
def open_session(*, member: Member, at: datetime, address: str | None = None, device: str = "") -> Opened:
    """Open a session under the newest master key. ``at`` is real time, not the training clock."""
    version = max(settings.SESSION_KEYS, key=lambda text: (len(text), text))
    session = MemberSession.objects.create(
        member=member,
        key_id="ses_" + secrets.token_hex(16),
        key_version=version,
        created_at=at,
        expires_at=at + timedelta(days=settings.MEMBER_SESSION_DAYS),
        address=address,
        device=device[:200],
    )
    secret = derive_secret(settings.SESSION_KEYS[version], session.key_id)
    return Opened(session, base64.urlsafe_b64encode(secret).rstrip(b"=").decode())


@unit
def end_session(*, session: MemberSession, at: datetime) -> bool:
    """End one session; False where it had ended before."""
    return bool(MemberSession.objects.filter(pk=session.pk, revoked_at=None).update(revoked_at=at))


@unit
def end_sessions_of(*, member: Member, at: datetime) -> int:
    """End every open session of a member; answers how many there were."""
    return MemberSession.objects.filter(member=member, revoked_at=None, expires_at__gt=at).update(revoked_at=at)


@unit
def purge_sessions(*, at: datetime, batch: int = 5000) -> int:
    """Forget sessions that expired more than 90 days ago, a batch at a time; answers how many went."""
    old = MemberSession.objects.filter(expires_at__lt=at - KEPT).order_by("expires_at").values_list("pk", flat=True)
    return MemberSession.objects.filter(pk__in=list(old[:batch])).delete()[0]
