"""A closure never silently covers what is booked."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bookings.models import Booking
from core import clock
from core.errors import DomainError
from tests import factories
from tests.client import SignedClient
from venues import services
from venues.models import Closure, Room
from venues.rules.slots import local_date


def over(room: Room, instant: datetime, /, **fields: Any) -> Closure:
    day = local_date(ZoneInfo(room.venue.timezone), instant)
    return Closure(**({"venue": room.venue, "first_day": day, "last_day": day, "message": "Shut"} | fields))


def test_live_bookings_are_named_and_dead_ones_are_not(
    client: SignedClient, room: Room, tomorrow: datetime, line: Callable[..., dict[str, Any]]
) -> None:
    order = client.post("/orders", {"lines": [line(hours=2)]}, idempotency_key="one")
    assert order.status_code == 201, order.json()
    booking = Booking.objects.get()
    with pytest.raises(DomainError) as refused:
        services.refuse_covered(closure=over(room, tomorrow), at=clock.now())
    assert refused.value.code == "covers_bookings" and booking.code in refused.value.data["bookings"][0]
    services.refuse_covered(closure=over(room, tomorrow, from_minute=720), at=clock.now())
    services.refuse_covered(closure=over(room, tomorrow + timedelta(days=1)), at=clock.now())
    client.post(f"/orders/{order.json()['id']}/cancel", {}, idempotency_key="two")
    services.refuse_covered(closure=over(room, tomorrow), at=clock.now())


def test_a_part_cannot_be_closed_under_the_booked_whole(
    client: SignedClient, room: Room, tomorrow: datetime, line: Callable[..., dict[str, Any]]
) -> None:
    parts = [factories.room(at=room.venue) for _ in range(2)]
    services.set_parts(room=room, parts=parts)
    assert client.post("/orders", {"lines": [line()]}, idempotency_key="one").status_code == 201
    with pytest.raises(DomainError):
        services.refuse_covered(closure=over(parts[1], tomorrow, room=parts[1]), at=clock.now())
    with pytest.raises(DomainError):
        services.refuse_covered(closure=over(parts[0], tomorrow, room=room), at=clock.now())
