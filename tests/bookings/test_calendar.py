"""The calendar feed: right, secret, revocable, cheap to ask again."""

from urllib.parse import urlsplit

import pytest
from django.test import Client
from icalendar import Calendar

from core import clock
from members import services as members
from members.models import Member
from orders import services as orders
from tests.client import SignedClient
from tests.desk import booked, slot
from venues.models import Room

pytestmark = pytest.mark.django_db


def path_of(client: SignedClient) -> str:
    answer = client.get("/me/calendar")
    assert answer.status_code == 200
    return urlsplit(answer.json()["url"]).path


def test_the_feed_has_the_bookings_and_an_etag(client: SignedClient, member: Member, room: Room) -> None:
    kept = booked(room, member=member)
    dropped = booked(room, start=slot(3), member=member)
    booked(room, start=slot(6), guest_name="Ada")
    assert dropped.line is not None
    orders.cancel_lines(order_id=dropped.line.order_id, at=clock.now(), by=member)
    path = path_of(client)
    answer = Client().get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [(str(e["uid"]), e.decoded("dtstart"), str(e["status"])) for e in events] == [
        (f"booking-{kept.pk}@atrium", kept.starts_at, "TENTATIVE"),
        (f"booking-{dropped.pk}@atrium", dropped.starts_at, "CANCELLED"),
    ]
    again = Client().get(path, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_address_stays_until_it_is_revoked(client: SignedClient, member: Member) -> None:
    first = path_of(client)
    assert path_of(client) == first
    assert client.delete("/me/calendar").status_code == 204
    assert Client().get(first).status_code == 404
    second = path_of(client)
    assert second != first
    members.block(member=member, reason="x", by=None, at=clock.now())
    assert Client().get(second).status_code == 404
    assert Client().get("/calendar/none.ics").status_code == 404
    assert Client().post(second).status_code == 405
