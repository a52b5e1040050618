"""Reads about members."""

from django.conf import settings

from members.models import Member, MemberSession
from members.rules import derive_secret


def secret_of(session: MemberSession) -> bytes | None:
    """The session's 32-byte secret, or None where its master key was retired."""
    master = settings.SESSION_KEYS.get(session.key_version)
    return derive_secret(master, session.key_id) if master else None


def unread_count(member: Member) -> int:
    """Messages in the member's inbox that were not read yet."""
    return member.messages.filter(read_at=None).count()
