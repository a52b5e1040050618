"""The only writer of members, their sessions, messages and stored answers."""

from members.services.answers import answer_once, purge_answers, stored_answer
from members.services.inbox import mark_read, notify
from members.services.people import bind_phone, block, ensure_member, unblock, update_profile
from members.services.sessions import end_session, end_sessions_of, open_session

__all__ = [
    "answer_once",
    "bind_phone",
    "block",
    "end_session",
    "end_sessions_of",
    "ensure_member",
    "mark_read",
    "notify",
    "open_session",
    "purge_answers",
    "stored_answer",
    "unblock",
    "update_profile",
]
