"""The only writer of members, their sessions, messages and stored answers."""

from members.services.answers import answer_once, purge_answers, stored_answer
from members.services.calendars import calendar_token, revoke_calendar
from members.services.imports import import_members
from members.services.inbox import mark_read, notify
from members.services.people import (
    bind_phone,
    block,
    end_session_by_staff,
    ensure_member,
    reveal,
    unblock,
    update_profile,
)
from members.services.sessions import end_session, end_sessions_of, open_session, purge_sessions

__all__ = [
    "answer_once",
    "bind_phone",
    "block",
    "calendar_token",
    "end_session",
    "end_session_by_staff",
    "end_sessions_of",
    "ensure_member",
    "import_members",
    "mark_read",
    "notify",
    "open_session",
    "purge_answers",
    "purge_sessions",
    "reveal",
    "revoke_calendar",
    "stored_answer",
    "unblock",
    "update_profile",
]
