"""The in-app inbox; further channels listen to the same messages."""

from datetime import datetime

from core.transactions import unit
from members import channels
from members.models import InboxMessage, Member


@unit
def notify(
    *, member: Member, kind: str, key: str, title: str, body: str = "", link: str = "", at: datetime
) -> InboxMessage:
    """Write one message to a member, once per ``key`` however often it is asked for."""
    defaults = {"member": member, "kind": kind, "title": title[:120], "body": body, "link": link, "created_at": at}
    message, created = InboxMessage.objects.get_or_create(key=key[:160], defaults=defaults)
    if created:
        channels.hand_over(message, at)
    return message


@unit
def mark_read(*, member: Member, at: datetime, ids: list[int] | None = None) -> int:
    """Mark messages (all, or those named) as read; answers how many were unread."""
    unread = member.messages.filter(read_at=None)
    return (unread if ids is None else unread.filter(pk__in=ids)).update(read_at=at)
