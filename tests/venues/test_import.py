"""Venues and rooms from a file: errors in place, all or nothing."""

from typing import Any

import pytest
from auditlog.models import LogEntry
from django.test import Client

from staff.models import User
from tests import factories
from tests.members.test_console import staff
from venues.models import OpeningHours, Room, StaffScope, Venue
from venues.queries import room_rules

pytestmark = pytest.mark.django_db

VENUES = (
    "name,slug,timezone,opens,closes,holidays\n云谷,cloud,Asia/Shanghai,08:00,24:00,CN\nDock,dock,America/New_York,,,\n"
)


def send(kind: str, text: str, client: Client | None = None, **more: str) -> Any:
    client = client or staff("venues.import", "venues.view")
    return client.post(f"/venues/import/{kind}/", {"text": text, **more})


def errors(page: Any) -> list[dict[str, str]]:
    return [row.errors for row in page.context["sheet"].rows]


def test_venues_are_shown_first_then_taken() -> None:
    preview = send("venues", VENUES)
    assert (preview.status_code, Venue.objects.count()) == (200, 0)
    assert send("venues", VENUES, apply="1").status_code == 302
    cloud = Venue.objects.get(slug="cloud")
    assert (cloud.name, cloud.holidays, cloud.closed_on_holidays) == ("云谷", "CN", False)
    assert set(cloud.hours.values_list("opens_minute", "closes_minute")) == {(480, 1440)}
    assert OpeningHours.objects.count() == 7
    assert LogEntry.objects.filter(additional_data__action="venue.import").count() == 1


def test_who_sees_some_venues_sees_the_imported_ones() -> None:
    client = staff("venues.import", "venues.view")
    User.objects.update(all_venues=False)
    assert send("venues", VENUES, client, apply="1").status_code == 302
    assert StaffScope.objects.count() == 2


def test_one_bad_venue_keeps_all_out() -> None:
    factories.venue(name="Old", slug="old")
    text = "name,slug,timezone,opens,closes\nNew,new,Asia/Shanghai,,\nOld,new,Mars/Base,9:00,\nX,Y Z,UTC,10:00,09:00\n"
    page = send("venues", text, apply="1")
    assert (page.status_code, Venue.objects.count()) == (422, 1)
    found = [sorted(row) for row in errors(page)]
    assert found == [[], ["closes", "name", "slug", "timezone"], ["closes", "slug"]]
    assert "Not a time zone" in page.content.decode()


def test_rooms_with_parts_of_the_same_file() -> None:
    room = factories.room(at=factories.venue(slug="dock"), name="Old")
    version = Venue.objects.get(slug="dock").rules_version
    text = (
        "venue,name,seats,units,equipment,parts,day_cap,active\n"
        'dock,Whole,20,,"screen, 白板","Left, Right",480.50,\n'
        "dock,Left,10,,,,,\ndock,Right,10,,,,,否\ndock,Desks,1,12,,,,\n"
    )
    assert send("rooms", text).status_code == 200
    assert Room.objects.count() == 1
    assert send("rooms", text, apply="1").status_code == 302
    whole = Room.objects.get(name="Whole")
    assert sorted(part.name for part in whole.parts.all()) == ["Left", "Right"]
    assert (whole.equipment, whole.day_cap_fen, whole.policy_id) == (["screen", "白板"], 48050, room.policy_id)
    assert not Room.objects.get(name="Right").active
    assert Room.objects.get(name="Desks").units == 12
    assert Venue.objects.get(slug="dock").rules_version > version
    assert len(room_rules(room_id=whole.pk).spaces) == 2


def test_bad_rooms_are_told_in_place_and_change_nothing() -> None:
    dock = factories.venue(slug="dock")
    factories.room(at=dock, name="Old")
    factories.venue(slug="empty")
    text = (
        "venue,name,policy,units,parts\n"
        "dock,Old,,,\n"
        "dock,A,No such,,\n"
        'dock,B,,,"Old, Nowhere"\n'
        'dock,C,,3,"Old, A"\n'
        "dock,D,,,Old\n"
        "dock,B,,,\n"
        "empty,E,,,\n"
        "mars,F,,0,\n"
    )
    page = send("rooms", text, apply="1")
    assert (page.status_code, Room.objects.count()) == (422, 1)
    assert [sorted(row) for row in errors(page)] == [
        ["name"], ["policy"], ["parts"], ["parts"], ["parts"], ["name"], ["policy"], ["units", "venue"],
    ]  # fmt: skip


def test_rooms_go_only_into_venues_in_scope() -> None:
    factories.room(at=factories.venue(slug="dock"))
    client = staff("venues.import", "venues.view")
    User.objects.update(all_venues=False)
    page = send("rooms", "venue,name\ndock,New\n", client, apply="1")
    assert (page.status_code, Room.objects.count()) == (422, 1)


@pytest.mark.parametrize("kind", ["venues", "rooms"])
def test_only_with_the_permission(kind: str) -> None:
    assert staff("venues.view", "venues.manage").get(f"/venues/import/{kind}/").status_code == 403
    assert staff("venues.import").get(f"/venues/import/{kind}/").status_code in (200,)
    assert staff("venues.import").get("/venues/import/prices/").status_code == 404
