"""The secret of a member's calendar feed: made when first asked for, ended by making it void."""

import secrets

from core.transactions import lock_one, unit
from members.models import Member

_BYTES = 32


@unit
def calendar_token(*, member: Member) -> str:
    """The member's token, made on first use; the same until it is revoked."""
    found = lock_one(Member.objects.only("pk", "calendar_token"), member.pk)
    if found is not None and found.calendar_token:
        return found.calendar_token
    token = secrets.token_urlsafe(_BYTES)
    Member.objects.filter(pk=member.pk).update(calendar_token=token)
    return token


@unit
def revoke_calendar(*, member: Member) -> bool:
    """End the feed's address at once; the next one asked for is another. False where there was none."""
    return bool(Member.objects.filter(pk=member.pk).exclude(calendar_token=None).update(calendar_token=None))
