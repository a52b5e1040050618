"""Record pages of venues: what people write is checked, and every save raises the rules' version."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from core import clock
from core.errors import Invalid
from staff.models import Role, User
from tests import factories
from venues import registry, services
from venues.models import Closure, OpeningHours, PriceRule, Room, RoomPhoto, StaffScope, Venue

pytestmark = pytest.mark.django_db


def staff(role: str, *venues: Venue) -> User:
    user = User.objects.create_user(f"{role}-{User.objects.count()}", all_venues=not venues)
    user.roles.set(Role.objects.filter(slug=role))
    for venue in venues:
        StaffScope.objects.create(user=user, venue=venue)
    return user


@pytest.fixture
def room() -> Room:
    return factories.room(at=factories.venue(timezone="America/New_York"))


@pytest.fixture
def manager(client: Client, room: Room) -> Client:
    client.force_login(staff("manager", room.venue))
    return client


def version(room: Room) -> int:
    return Venue.objects.get(pk=room.venue_id).rules_version


def price(room: Room, **fields: Any) -> dict[str, Any]:
    return {
        "venue": room.venue_id, "room": room.pk, "name": "Evening", "hour_fen": "120.50", "weekdays": ["0", "4"],
        "from_minute": "18:00", "to_minute": "24:00", "priority": "3", "active": "on",
    } | fields  # fmt: skip


def closure(room: Room, **fields: Any) -> dict[str, Any]:
    day = (clock.now() + timedelta(days=9)).date().isoformat()
    return {
        "venue": room.venue_id, "room": "", "first_day": day, "last_day": day, "from_minute": "00:00",
        "to_minute": "24:00", "message": "Repairs",
    } | fields  # fmt: skip


def test_a_price_is_written_as_people_write_it_and_raises_the_version(manager: Client, room: Room) -> None:
    before = version(room)
    answer = manager.post("/records/venues/pricerule/add/", price(room))
    assert answer.status_code == 302
    rule = PriceRule.objects.get(name="Evening")
    assert (rule.hour_fen, rule.weekdays, rule.from_minute, rule.to_minute) == (12050, "04", 1080, 1440)
    assert version(room) == before + 1
    page = manager.get(f"/records/venues/pricerule/{rule.pk}/change/").content.decode()
    assert 'value="120.50"' in page and 'value="18:00"' in page and 'value="24:00"' in page
    manager.post(f"/records/venues/pricerule/{rule.pk}/delete/", {"post": "yes"})
    assert version(room) == before + 2 and not PriceRule.objects.filter(name="Evening").exists()


@pytest.mark.parametrize(
    "wrong",
    [{"from_minute": "18:07"}, {"to_minute": "25:00"}, {"to_minute": "17:00"}, {"hour_fen": "-1"}, {"weekdays": []},
     {"hour_fen": "1.234"}, {"first_day": "2026-02-02", "last_day": "2026-02-01"}],
)  # fmt: skip
def test_what_is_wrong_is_said_in_place_and_changes_nothing(manager: Client, room: Room, wrong: Any) -> None:
    before, count = version(room), PriceRule.objects.count()
    answer = manager.post("/records/venues/pricerule/add/", price(room, **wrong))
    assert answer.status_code == 200 and answer.context["adminform"].form.errors.keys() & wrong.keys()
    assert (version(room), PriceRule.objects.count()) == (before, count)


def test_another_venues_room_and_records_are_out_of_reach(manager: Client, room: Room) -> None:
    other = factories.room()
    rule = PriceRule.objects.get(room=other)
    assert manager.post("/records/venues/pricerule/add/", price(other)).status_code == 200
    assert manager.post("/records/venues/pricerule/add/", price(room) | {"room": other.pk}).status_code == 200
    assert manager.get(f"/records/venues/pricerule/{rule.pk}/change/").status_code == 302
    assert manager.get("/records/venues/holidayoverride/add/").status_code == 403
    assert manager.get("/records/venues/venue/add/").status_code == 403
    assert PriceRule.objects.count() == 2


def test_who_may_only_look_cannot_save(client: Client, room: Room) -> None:
    client.force_login(staff("desk", room.venue))
    assert client.get("/records/venues/room/").status_code == 200
    assert client.post("/records/venues/closure/add/", closure(room)).status_code == 403
    assert not Closure.objects.exists()


def test_a_closure_over_something_live_is_refused_with_the_list(
    manager: Client, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def check(room_ids: Any, stretches: Any) -> list[registry.Covered]:
        asked.append((room_ids, stretches))
        return [registry.Covered("Booking ABC", *stretches[0])]

    before = version(room)
    monkeypatch.setattr(registry, "_closure_checks", {"test": check})
    answer = manager.post("/records/venues/closure/add/", closure(room))
    assert answer.status_code == 200 and "Booking ABC" in answer.content.decode()
    assert not Closure.objects.exists() and version(room) == before
    assert list(asked[0][0]) == [room.pk]
    monkeypatch.setattr(registry, "_closure_checks", {})
    assert manager.post("/records/venues/closure/add/", closure(room)).status_code == 302
    assert version(room) == before + 1


def test_a_closures_stretches_follow_the_clock_changes_and_leap_days(room: Room) -> None:
    at = clock.now().replace(year=2026, month=3, day=1)
    spring = Closure(venue=room.venue, first_day=date(2026, 3, 8), last_day=date(2026, 3, 8), to_minute=1440)
    [(start, end)] = services.stretches_of(spring, at)
    assert end - start == timedelta(hours=23)
    autumn = Closure(venue=room.venue, first_day=date(2026, 11, 1), last_day=date(2026, 11, 1), to_minute=1440)
    [(start, end)] = services.stretches_of(autumn, at)
    assert end - start == timedelta(hours=25)
    leap = Closure(venue=room.venue, first_day=date(2024, 2, 29), last_day=date(2024, 2, 29), annual=True)
    assert [start.date() for start, _end in services.stretches_of(leap, at)] == [date(2028, 2, 29)]


def test_hours_belong_to_the_venue_or_to_the_room(manager: Client, room: Room) -> None:
    data = {
        "venue": room.venue_id, "policy": room.policy_id, "name": "Aurora", "seats": 4, "units": 1, "sort": 0,
        "equipment": "投影，白板, 投影", "day_cap_fen": "800", "active": "on",
        "photos-TOTAL_FORMS": 0, "photos-INITIAL_FORMS": 0,
        "hours-TOTAL_FORMS": 1, "hours-INITIAL_FORMS": 0, "hours-0-weekday": "5", "hours-0-opens_minute": "10:00",
        "hours-0-closes_minute": "16:30",
    }  # fmt: skip
    answer = manager.post(f"/records/venues/room/{room.pk}/change/", data)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    room.refresh_from_db()
    assert (room.name, room.equipment, room.day_cap_fen) == ("Aurora", ["投影", "白板"], 80000)
    own = OpeningHours.objects.get(room=room)
    assert (own.venue_id, own.weekday, own.opens_minute, own.closes_minute) == (room.venue_id, 5, 600, 990)


def test_a_whole_has_sound_parts_only(room: Room) -> None:
    one, two = factories.room(at=room.venue), factories.room(at=room.venue)
    far, pool = factories.room(), factories.room(at=room.venue, units=3)
    for parts in ([one], [room, one], [one, far], [one, pool]):
        with pytest.raises(Invalid):
            services.set_parts(room=room, parts=parts)
    services.set_parts(room=room, parts=[one, two])
    with pytest.raises(Invalid):
        services.set_parts(room=one, parts=[two, factories.room(at=room.venue)])
    with pytest.raises(Invalid):
        services.set_parts(room=factories.room(at=room.venue), parts=[room, two])
    assert set(room.parts.all()) == {one, two}


def picture(size: tuple[int, int] = (3000, 1000)) -> SimpleUploadedFile:
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    target = io.BytesIO()
    Image.new("RGB", size, "teal").save(target, "JPEG", exif=exif)
    return SimpleUploadedFile("../../me.jpg", target.getvalue(), "image/jpeg")


def test_a_photo_keeps_nothing_but_pixels(room: Room, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    services.add_photo(room=room, upload=picture())
    photo = RoomPhoto.objects.get()
    assert photo.image.name.startswith("rooms/") and "me" not in photo.image.name
    with Image.open(photo.image.path) as kept:
        assert kept.size == (1920, 640) and not kept.getexif() and b"secret" not in photo.image.open().read()


@pytest.mark.parametrize("raw", [b"", b"GIF89a", b"\xff\xd8\xff\xe0 not a picture", b"<svg onload=alert(1)>"])
def test_what_is_no_picture_is_refused(room: Room, raw: bytes) -> None:
    with pytest.raises(Invalid):
        services.add_photo(room=room, upload=io.BytesIO(raw))
    assert not RoomPhoto.objects.exists()


def test_too_many_pixels_are_refused(room: Room) -> None:
    target = io.BytesIO()
    Image.new("1", (7000, 7000)).save(target, "PNG")
    with pytest.raises(Invalid, match=r"megapixels|万像素"):
        services.clean_picture(io.BytesIO(target.getvalue()))
