"""Subjects of a measurement: members with sessions, rooms that are always open."""

import base64
from datetime import date, timedelta
from importlib import import_module
from typing import Any

from tests.client import Key


def keys(count: int) -> list[Key]:
    """Members with an open session each."""
    factories, services, clock = (import_module(name) for name in ("tests.factories", "members.services", "core.clock"))
    opened = [services.open_session(member=factories.member(), at=clock.real_now()) for _ in range(count)]
    return [Key(one.session.key_id, base64.urlsafe_b64decode(one.secret + "="), {}) for one in opened]


def rooms(count: int, **fields: Any) -> list[Any]:
    """Rooms of one venue, open day and night, bookable far ahead and without quota."""
    factories = import_module("tests.factories")
    venue = factories.venue(timezone="UTC")
    return [factories.room(at=venue, max_notice_days=90, **fields) for _ in range(count)]


def tomorrow() -> date:
    """The first day that is open whatever the time is now."""
    return import_module("core.clock").now().date() + timedelta(days=2)
