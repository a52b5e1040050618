"""A room, a member, and a day ahead for the tests of bookings."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core import clock, ledger
from members.models import Member
from tests import factories
from tests.client import SignedClient
from venues.models import Room


@pytest.fixture
def room(db: None) -> Room:
    return factories.room()


@pytest.fixture
def member(db: None) -> Member:
    return factories.member()


@pytest.fixture
def client(member: Member) -> SignedClient:
    return factories.client_of(member)


@pytest.fixture
def tomorrow() -> datetime:
    """Two days ahead at 02:00 UTC, 10:00 in Shanghai; far enough for every tier."""
    day = clock.now().astimezone(UTC) + timedelta(days=2)
    return day.replace(hour=2, minute=0, second=0, microsecond=0)


@pytest.fixture
def line(room: Room, tomorrow: datetime) -> Callable[..., dict[str, Any]]:
    """One room line: from ``hour`` hours after the fixture's start, ``hours`` long."""

    def make(hour: float = 0, hours: float = 1, **more: Any) -> dict[str, Any]:
        start = tomorrow + timedelta(hours=hour)
        end = start + timedelta(hours=hours)
        shown = {"starts_at": start.isoformat(), "ends_at": end.isoformat()}
        return {"kind": "room", "room": str(room.pk), **shown, **more}

    return make


@pytest.fixture(autouse=True)
def ledger_is_clean(db: None) -> Any:
    """Every test ends with clean books."""
    yield
    drifts = [drift for check in ledger.all_checks() for drift in check.check()]
    assert drifts == []
