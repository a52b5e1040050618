"""Venues and rooms as a signed mini-program reads them."""

import pytest

from tests import factories
from venues.models import OpeningHours, PriceRule, RoomPhoto

pytestmark = pytest.mark.django_db


def test_a_venue_is_shown_with_its_hours() -> None:
    venue = factories.venue(hours=(540, 1440), address="1 Road", latitude="31.230400", longitude="121.473700")
    room = factories.room(at=venue)
    OpeningHours.objects.create(venue=venue, room=room, weekday=0, opens_minute=0, closes_minute=60)
    client = factories.client_of(factories.member())
    shown = client.get(f"/venues/{venue.pk}").json()
    assert set(shown) == {
        "id", "name", "address", "timezone", "latitude", "longitude", "opening_hours", "notice",
    }  # fmt: skip
    assert shown["id"] == str(venue.pk) and shown["latitude"] == 31.2304
    assert shown["opening_hours"][0] == {"weekday": 0, "opens": "09:00", "closes": "24:00"}
    assert len(shown["opening_hours"]) == 7
    assert client.get("/venues").json() == {"results": [shown], "next": None}


def test_rooms_are_narrowed_by_venue_seats_equipment_and_words() -> None:
    big = factories.room(name="Aurora", seats=20, equipment=["screen", "Whiteboard"], description="by the river")
    small = factories.room(name="Nook", seats=2, equipment=["screen"])
    factories.room(name="Gone", seats=50, active=False)
    client = factories.client_of(factories.member())

    def names(query: str) -> list[str]:
        return [room["name"] for room in client.get(f"/rooms{query}").json()["results"]]

    assert names("") == ["Aurora", "Nook"]
    assert names(f"?venue={small.venue_id}") == ["Nook"]
    assert names("?seats=3") == ["Aurora"]
    assert names("?equipment=whiteboard,screen") == ["Aurora"]
    assert names("?q=RIVER") == ["Aurora"]
    assert names(f"?venue={big.venue_id}&seats=100") == []


def test_a_room_shows_its_limits_its_lowest_price_and_absolute_photos() -> None:
    room = factories.room(at=factories.venue(hours=(540, 1200)), hour_fen=12000, min_minutes=60, step_minutes=30)
    PriceRule.objects.create(venue=room.venue, room=room, name="Night", hour_fen=100, from_minute=1200, priority=9)
    PriceRule.objects.create(venue=room.venue, name="Plan", hour_fen=1, plan_code="gold", priority=9)
    PriceRule.objects.create(venue=room.venue, name="Morning", hour_fen=8000, to_minute=600, priority=5)
    RoomPhoto.objects.create(room=room, image="rooms/a.jpg")
    shown = factories.client_of(factories.member()).get(f"/rooms/{room.pk}").json()
    assert shown["from_price_fen"] == 8000
    assert (shown["step_minutes"], shown["min_minutes"], shown["max_minutes"]) == (30, 60, 480)
    assert shown["photos"][0].startswith("http") and shown["photos"][0].endswith("/media/rooms/a.jpg")


@pytest.mark.parametrize("path", ["rooms/0", "rooms/x", "rooms/99999999999999999999", "venues/-1", "venues/1e3"])
def test_ids_that_are_not_there_are_404_problems(path: str) -> None:
    answer = factories.client_of(factories.member()).get(f"/{path}")
    assert answer.status_code == 404 and answer.json()["code"] == "not_found"


@pytest.mark.parametrize(
    ("query", "field"), [("venue=x", "venue"), ("seats=0", "seats"), ("page_size=100000", "page_size"), ("q=%00", "q")]
)
def test_a_bad_filter_is_400_and_names_the_field(query: str, field: str) -> None:
    answer = factories.client_of(factories.member()).get(f"/rooms?{query}")
    assert answer.status_code == 400 and field in answer.json()["fields"]


def test_a_stranger_is_turned_away(client) -> None:  # type: ignore[no-untyped-def]
    assert client.get("/api/v1/rooms").status_code == 401
