"""The console's pages of venues: a try-out that says why, a week of prices, a year of special days."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from core import clock
from staff.models import User
from tests import factories
from tests.members.test_console import staff
from venues.models import Closure, PriceRule, Room, StaffScope

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    made = factories.room(
        at=factories.venue(name="静安", hours=(480, 1320), holidays="CN"), hour_fen=18000, name="Amber", seats=8
    )
    PriceRule.objects.create(
        venue=made.venue, name="Weekday evening", weekdays="01234", from_minute=1080, hour_fen=12000, priority=5
    )
    return made


@pytest.fixture
def reader() -> Client:
    return staff("venues.view")


def tuesday() -> str:
    today = clock.now().date()
    return (today + timedelta(days=(1 - today.weekday()) % 7 + 7)).isoformat()


def tried(client: Client, room: Room, **wish: str) -> Any:
    asked = {"day": tuesday(), "start": "18:00", "end": "20:00", "people": "4", "plan": ""} | wish
    page = client.get(f"/venues/rooms/{room.pk}/", asked)
    assert page.status_code == 200
    return page


def test_a_time_costs_something_and_the_page_says_why(reader: Client, room: Room) -> None:
    html = tried(reader, room).content.decode()
    assert "Tuesday 18:00–20:00 costs ¥240.00, because" in html
    assert "18:00–20:00 · Weekday evening · ¥120.00/h = ¥240.00" in html


def test_a_refusal_is_told_rule_by_rule(reader: Client, room: Room) -> None:
    page = tried(reader, room, start="21:00", end="23:00", people="20")
    failed = {item["rule"] for item in page.context["answer"].rules if not item["ok"]}
    assert failed == {"people", "open"}
    assert "Refused." in page.content.decode() and "This room has 8 seats." in page.content.decode()


@pytest.mark.parametrize("wish", [{"day": "soon"}, {"start": "25:00"}, {"people": "0"}, {"end": "18:07"}])
def test_a_wish_that_is_none_is_told_in_place(reader: Client, room: Room, wish: dict[str, str]) -> None:
    page = tried(reader, room, **wish)
    assert page.context["answer"] is None and page.context["form"].errors


def test_a_week_of_prices(reader: Client, room: Room) -> None:
    page = reader.get(f"/venues/rooms/{room.pk}/prices/", {"week": tuesday()})
    rows = {row["time"]: [cell["text"] for cell in row["cells"]] for row in page.context["rows"]}
    assert next(iter(rows)) == "08:00" and list(rows)[-1] == "21:00"
    assert rows["18:00"] == ["¥120.00"] * 5 + ["¥180.00"] * 2
    assert reader.get(f"/venues/rooms/{room.pk}/prices/", {"week": "x"}).status_code == 200


def test_a_year_has_its_holidays_and_closures(reader: Client, room: Room) -> None:
    Closure.objects.create(
        venue=room.venue, first_day="2026-03-02", last_day="2026-03-03", message="Painting", from_minute=540
    )
    html = reader.get(f"/venues/{room.venue_id}/calendar/", {"year": "2026"}).content.decode()
    assert "国庆节" in html and "make-up workday" in html and "Painting 09:00–24:00" in html
    assert "not published yet" in reader.get(f"/venues/{room.venue_id}/calendar/", {"year": "2028"}).content.decode()
    assert reader.get(f"/venues/{room.venue_id}/calendar/", {"year": "²"}).status_code == 200


def test_a_venue_shows_hours_and_tiers(reader: Client, room: Room) -> None:
    html = reader.get(f"/venues/{room.venue_id}/").content.decode()
    assert "Monday" in html and "08:00–22:00" in html and "24 hours or more" in html
    assert "Edit the venue" not in html
    assert "Edit the policy" in staff("venues.view", "venues.manage").get(f"/venues/{room.venue_id}/").content.decode()


def test_the_list_costs_the_same_however_long(reader: Client, room: Room, django_assert_max_num_queries: Any) -> None:
    for _n in range(5):
        factories.room(at=room.venue)
    reader.get("/venues/")
    with django_assert_max_num_queries(9):
        page = reader.get("/venues/")
    assert page.context["count"] == 6


def test_other_venues_are_not_there(room: Room) -> None:
    client = staff("venues.view")
    User.objects.update(all_venues=False)
    StaffScope.objects.create(user=User.objects.get(), venue=factories.venue())
    for path in (f"{room.venue_id}/", f"{room.venue_id}/calendar/", f"rooms/{room.pk}/", f"rooms/{room.pk}/prices/"):
        assert client.get(f"/venues/{path}").status_code == 404
    assert client.get("/venues/").context["count"] == 0
