"""The day timeline, and booking from it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking
from core.permissions import AUDITOR, DESK
from members.models import Member
from orders.models import Order, Payment
from tests import factories
from tests.desk import booked, console, slot
from venues.models import Closure, Room
from venues.rules import slot_of

pytestmark = pytest.mark.django_db
PARTIAL = {"HX-Request": "true", "HX-Target": "lanes"}


def query(room: Room, **more: str) -> dict[str, str]:
    return {"venue": str(room.venue_id), "day": f"{slot():%Y-%m-%d}", **more}


def test_a_day_shows_rooms_bookings_holds_and_closed_hours(member: Member) -> None:
    place = factories.venue(hours=(540, 1320))
    room = factories.room(at=place)
    pool = factories.room(at=place, units=12)
    part = factories.room(at=place)
    whole = factories.room(at=place)
    whole.parts.add(part)
    Closure.objects.create(
        venue=place, room=room, first_day=slot().date(), last_day=slot().date(), from_minute=1200, to_minute=1320,
        message="Deep clean",
    )  # fmt: skip
    held = booked(room, member=member)
    booked(pool, guest_name="Ada", pay=True)
    booked(whole, guest_name="Bob", pay=True)
    answer = console(DESK).get("/bookings/timeline/", query(room))
    shown = answer.context["shown"]
    lanes = {lane.room.pk: lane for lane in shown.lanes}
    assert [len(lanes[item.pk].blocks) for item in (room, pool, part, whole)] == [1, 0, 0, 1]
    assert lanes[pool.pk].levels[0].text == "1 / 12"
    assert len(lanes[part.pk].taken) == 1
    assert [item.text for item in lanes[room.pk].closed] == ["Deep clean"]
    assert lanes[room.pk].blocks[0].expires_at == held.line.order.expires_at
    assert [(item.first, item.last) for item in lanes[room.pk].free] == [
        (slot_of(slot(-1)), slot_of(slot())), (slot_of(slot(1)), slot_of(slot(10))),
    ]  # fmt: skip
    assert (shown.count, shown.arrivals, shown.late) == (3, 2, 0)
    page = answer.content.decode()
    assert "data-countdown" in page
    assert "Deep clean" in page


def test_nothing_is_sent_while_nothing_changed(room: Room) -> None:
    desk = console(DESK)
    token = desk.get("/bookings/timeline/", query(room)).context["shown"].token
    assert desk.get("/bookings/timeline/", query(room, token=token), headers=PARTIAL).status_code == 204
    found = booked(room, guest_name="Ada")
    answer = desk.get("/bookings/timeline/", query(room, token=token), headers=PARTIAL)
    assert answer.status_code == 200
    assert f'id="b{found.pk}"' in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_forty_rooms_need_no_more_queries_than_one() -> None:
    place = factories.venue()
    rooms = [factories.room(at=place) for _ in range(3)]
    desk = console(DESK)
    desk.get("/bookings/timeline/", query(rooms[0]))
    for number, room in enumerate(rooms):
        booked(room, start=slot(number), guest_name="Ada")
    with CaptureQueriesContext(connection) as queries:
        assert desk.get("/bookings/timeline/", query(rooms[0])).context["shown"].count == 3
    assert len(queries) <= 12


def test_a_day_that_makes_no_sense_is_today_and_no_venue_is_empty(room: Room) -> None:
    assert console(DESK).get("/bookings/timeline/", query(room, day="2026-13-45")).status_code == 200
    assert "No rooms here yet" in console(DESK, venues=[]).get("/bookings/timeline/").content.decode()


def test_a_walk_in_is_booked_and_pays_at_once(room: Room) -> None:
    desk = console(DESK)
    form = desk.get("/bookings/book/", {"room": room.pk, "from": slot_of(slot()), "until": slot_of(slot(3))})
    shown = form.context["form"].initial
    assert (shown["room"], shown["ends"] - shown["starts"]) == (room.pk, timedelta(hours=1))
    wish = {"room": room.pk, "starts": f"{shown['starts']:%Y-%m-%dT%H:%M}", "ends": f"{shown['ends']:%Y-%m-%dT%H:%M}"}
    wish |= {"attendees": "2", "guest_name": "Ada Lovelace", "method": "cash"}
    assert "¥120.00" in desk.post("/bookings/book/price/", wish).content.decode()
    assert desk.post("/bookings/book/", wish | {"step": "book"}).status_code == 302
    made = Booking.objects.get()
    assert (made.status, made.guest_name, made.starts_at) == ("confirmed", "Ada Lovelace", slot())
    assert (Order.objects.get().source, Payment.objects.get().amount_fen) == ("console", 12000)
    again = desk.post("/bookings/book/", wish | {"step": "book"})
    assert again.status_code == 422
    assert "already taken" in again.content.decode()
    offered = desk.post("/bookings/book/price/", wish).content.decode()
    assert "Instead:" in offered
    assert Booking.objects.count() == 1


def test_a_member_is_found_and_booked_to_pay_later(room: Room) -> None:
    desk = console(DESK)
    who = factories.member(nickname="王小明", phone="13812345678")
    found = desk.post("/bookings/book/people/", {"who": "5678"}).content.decode()
    assert f'value="{who.pk}" checked' in found
    assert "138****5678" in found
    wish = {"room": room.pk, "starts": "2030-01-07T10:00", "ends": "2030-01-07T11:00", "attendees": "1"}
    assert desk.post("/bookings/book/", wish | {"who": "王"}).status_code == 422
    assert desk.post("/bookings/book/", wish | {"method": "card", "guest_name": "Ada"}).status_code == 422
    near = slot() + timedelta(hours=8)
    wish |= {"starts": f"{near:%Y-%m-%dT%H:%M}", "ends": f"{near + timedelta(hours=1):%Y-%m-%dT%H:%M}"}
    answer = desk.post("/bookings/book/", wish | {"member": who.pk}, headers=PARTIAL | {"HX-Target": "panel-body"})
    assert (answer.status_code, answer["HX-Trigger"]) == (200, "desk:changed")
    made = Booking.objects.get()
    assert (made.member, made.status, made.line.order.expires_at is not None) == (who, "held", True)


def test_a_series_leaves_out_what_is_taken(room: Room) -> None:
    desk = console(DESK)
    booked(room, start=slot(days=3), guest_name="Ada")
    near = slot() + timedelta(hours=8)
    wish = {"room": room.pk, "starts": f"{near:%Y-%m-%dT%H:%M}", "ends": f"{near + timedelta(hours=1):%Y-%m-%dT%H:%M}"}
    wish |= {"attendees": "1", "guest_name": "Bob", "freq": "daily", "count": "3"}
    assert desk.post("/bookings/book/", wish).status_code == 422
    assert desk.post("/bookings/book/", wish | {"skip_conflicts": "on"}).status_code == 302
    assert Booking.objects.filter(guest_name="Bob").count() == 2


@pytest.mark.parametrize("path", ["book/", "book/price/", "book/people/"])
def test_who_may_only_look_books_nothing(room: Room, path: str) -> None:
    client = console(AUDITOR)
    assert client.get("/bookings/timeline/", query(room)).status_code == 200
    assert client.post(f"/bookings/{path}", {"room": room.pk}).status_code == 403
    assert Booking.objects.count() == 0


def test_a_room_of_another_venue_cannot_be_chosen(room: Room) -> None:
    desk = console(DESK, venues=[factories.venue()])
    wish = {"room": room.pk, "starts": "2026-12-07T10:00", "ends": "2026-12-07T11:00", "attendees": "1"}
    assert desk.post("/bookings/book/", wish | {"guest_name": "Ada"}).status_code == 422
    assert Booking.objects.count() == 0
