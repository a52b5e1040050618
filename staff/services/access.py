"""Passwords, languages and the sessions of a user."""

from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.db.models import QuerySet

from core.transactions import unit
from staff.models import StaffSession, User

_engine = import_module(settings.SESSION_ENGINE)


@unit
def choose_language(*, user: User, language: str) -> None:
    """Keep the language the user reads the console in."""
    User.objects.filter(pk=user.pk).update(language=language)


@unit
def set_own_password(*, user: User, password: str, keep_key: str) -> None:
    """Set a checked password; every other session of the user ends."""
    user.set_password(password)
    user.save(update_fields=["password"])
    end_other_sessions(user=user, keep_key=keep_key)


@unit
def note_session(*, user: User, session_key: str, address: str | None, agent: str, at: datetime) -> None:
    """Remember that this browser is signed in, and when it was last seen (real time)."""
    StaffSession.objects.update_or_create(
        session_key=session_key,
        defaults={"user": user, "address": address, "agent": agent[:200], "seen_at": at},
        create_defaults={
            "user": user,
            "address": address,
            "agent": agent[:200],
            "seen_at": at,
            "created_at": at,
        },
    )


@unit
def end_session(*, user: User, session_id: int) -> bool:
    """End one of the user's sessions; False where there is none of that id."""
    return _end(StaffSession.objects.filter(user=user, pk=session_id)) == 1


@unit
def end_other_sessions(*, user: User, keep_key: str = "") -> int:
    """End every session of the user but the one named; answers how many ended."""
    return _end(StaffSession.objects.filter(user=user).exclude(session_key=keep_key))


def _end(sessions: QuerySet[StaffSession]) -> int:
    keys = list(sessions.values_list("session_key", flat=True))
    for key in keys:
        _engine.SessionStore(key).delete()
    sessions.all().delete()
    return len(keys)
