"""From availability and quote to an order that holds, expires, is paid or is refused."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bookings.models import Booking, RoomClaim
from core import clock
from members.models import Member
from orders import services as orders
from orders.models import Order
from tests import factories
from tests.client import SignedClient
from timers.models import Timer
from venues.models import Room

Line = Callable[..., dict[str, Any]]
keys = (f"key-{n}" for n in itertools.count())


def place(client: SignedClient, *lines: dict[str, Any], **more: Any) -> Any:
    return client.post("/orders", {"lines": list(lines), **more}, idempotency_key=next(keys))


def counts() -> tuple[int, int, int, int]:
    return Order.objects.count(), Booking.objects.count(), RoomClaim.objects.count(), Timer.objects.count()


def test_an_order_holds_its_room_and_says_until_when(client: SignedClient, line: Line) -> None:
    answer = place(client, line(hours=2), note="靠窗")
    assert answer.status_code == 201, answer.content
    order = answer.json()
    assert (order["status"], order["payable_fen"], order["note"]) == ("awaiting_payment", 24000, "靠窗")
    assert order["lines"][0]["object"]["status"] == "held"
    assert order["lines"][0]["why"] == ["10:00–12:00 · Base · ¥120.00/h = ¥240.00"]
    assert order["expires_at"] is not None
    assert counts() == (1, 1, 8, 1)
    assert client.get(f"/orders/{order['id']}").json() == order
    assert [item["id"] for item in client.get("/orders", status="awaiting_payment").json()["results"]] == [order["id"]]
    assert client.get("/orders", status="paid").json()["results"] == []


def test_what_is_held_is_not_free_and_a_second_order_hears_alternatives(
    client: SignedClient, line: Line, room: Room
) -> None:
    place(client, line(hours=2))
    refused = place(client, line(hour=1, hours=2))
    body = refused.json()
    assert (refused.status_code, body["code"], body["fields"]) == (
        409, "slot_taken", {"lines.0.starts_at": ["This time is already taken."]},
    )  # fmt: skip
    assert body["alternatives"]
    first = body["alternatives"][0]
    assert set(first) == {"room", "starts_at", "ends_at", "payable_fen"}
    retry = {"kind": "room", "room": first["room"], "starts_at": first["starts_at"], "ends_at": first["ends_at"]}
    assert place(client, retry).status_code == 201
    assert counts()[:2] == (2, 2)


def test_availability_shows_what_is_open_and_free(
    client: SignedClient, line: Line, room: Room, tomorrow: datetime
) -> None:
    place(client, line(hours=2))
    day = (tomorrow + timedelta(hours=8)).date().isoformat()
    found = client.get(f"/rooms/{room.pk}/availability", **{"from": day, "days": 2}).json()
    assert (found["timezone"], found["step_minutes"], len(found["days"])) == ("Asia/Shanghai", 15, 2)
    busy = tomorrow.isoformat().replace("+00:00", "Z")
    assert found["days"][0]["free"][0]["ends_at"] == busy
    assert len(found["days"][0]["free"]) == 2


def test_a_quote_holds_nothing_and_names_conflicts(client: SignedClient, line: Line) -> None:
    place(client, line(hours=1))
    before = counts()
    found = client.post("/quotes", {"lines": [line(hours=1), line(hour=3)]}).json()
    assert [item["available"] for item in found["lines"]] == [False, True]
    assert (found["payable_fen"], found["conflicts"][0]["code"], found["conflicts"][0]["line"]) == (
        12000, "slot_taken", "lines.0",
    )  # fmt: skip
    assert counts() == before


def test_an_order_that_is_not_paid_expires_and_its_room_is_free(client: SignedClient, line: Line) -> None:
    order = place(client, line()).json()
    until = Order.objects.get(pk=order["id"]).expires_at
    assert until is not None
    assert orders.expire_order(order_id=int(order["id"]), at=until - timedelta(microseconds=1)) is False
    assert orders.expire_order(order_id=int(order["id"]), at=until) is True
    assert orders.expire_order(order_id=int(order["id"]), at=until) is False
    shown = client.get(f"/orders/{order['id']}").json()
    assert (shown["status"], shown["lines"][0]["object"]["status"]) == ("expired", "expired")
    assert RoomClaim.objects.count() == 0
    assert place(client, line()).status_code == 201


def test_paying_at_the_desk_confirms_and_arms_the_timers(client: SignedClient, line: Line) -> None:
    order = place(client, line()).json()
    at = clock.now()
    orders.take_desk_payment(order_id=int(order["id"]), method="cash", amount_fen=5000, by=None, at=at)
    assert client.get(f"/orders/{order['id']}").json()["status"] == "awaiting_payment"
    orders.take_desk_payment(
        order_id=int(order["id"]), method="card", amount_fen=7000, by=None, at=at, reference="8841"
    )
    shown = client.get(f"/orders/{order['id']}").json()
    assert (shown["status"], shown["lines"][0]["object"]["status"]) == ("paid", "confirmed")
    live = Timer.objects.filter(state__in=Timer.LIVE).values_list("kind", flat=True)
    assert sorted(live) == ["bookings.complete", "bookings.no_show", "bookings.remind"]


def test_a_free_room_is_paid_at_once(client: SignedClient, tomorrow: datetime) -> None:
    free = factories.room(hour_fen=0)
    end = tomorrow + timedelta(hours=1)
    item = {"kind": "room", "room": str(free.pk), "starts_at": tomorrow.isoformat(), "ends_at": end.isoformat()}
    order = place(client, item).json()
    assert (order["status"], order["payable_fen"], order["expires_at"]) == ("paid", 0, None)


def test_everything_or_nothing(client: SignedClient, line: Line) -> None:
    place(client, line(hour=2))
    before = counts()
    assert place(client, line(hour=0), line(hour=2)).status_code == 409
    assert counts() == before


def test_two_lines_of_one_order_do_not_share_a_slot(client: SignedClient, line: Line) -> None:
    refused = place(client, line(hours=2), line(hour=1))
    assert (refused.status_code, list(refused.json()["fields"])) == (409, ["lines.1.starts_at"])
    assert counts() == (0, 0, 0, 0)


def test_lines_of_two_venues_are_refused(client: SignedClient, line: Line) -> None:
    other = factories.room()
    refused = place(client, line(), line(hour=4, room=str(other.pk)))
    assert (refused.status_code, refused.json()["fields"]) == (
        400, {"lines": ["All lines of an order belong to one venue."]},
    )  # fmt: skip


def test_a_pool_gives_each_its_unit_and_then_no_more(client: SignedClient, line: Line) -> None:
    pool = factories.room(units=3, seats=1)
    found = [place(client, line(room=str(pool.pk))).status_code for _ in range(4)]
    assert found == [201, 201, 201, 409]
    assert sorted(Booking.objects.values_list("unit", flat=True)) == [1, 2, 3]


def test_a_whole_and_its_halves_exclude_each_other(client: SignedClient, line: Line, room: Room) -> None:
    halves = [factories.room(at=room.venue) for _ in range(2)]
    room.parts.set(halves)
    room.venue.rules_version += 1
    room.venue.save()
    assert place(client, line(room=str(halves[0].pk))).status_code == 201
    assert place(client, line()).json()["code"] == "slot_taken"
    assert place(client, line(hour=2)).status_code == 201
    assert place(client, line(hour=2, room=str(halves[1].pk))).json()["code"] == "slot_taken"


def test_turnaround_keeps_the_next_guest_away(client: SignedClient, line: Line) -> None:
    room = factories.room(turnaround_minutes=20)
    assert place(client, line(room=str(room.pk))).status_code == 201
    assert place(client, line(hour=1, room=str(room.pk))).json()["code"] == "slot_taken"
    assert place(client, line(hour=1.5, room=str(room.pk))).status_code == 201
    assert place(client, line(hour=-1, room=str(room.pk))).json()["code"] == "slot_taken"


def test_a_quota_counts_the_week(client: SignedClient, line: Line) -> None:
    room = factories.room(quota_minutes=120, quota_period="day")
    assert place(client, line(room=str(room.pk), hours=1.5)).status_code == 201
    refused = place(client, line(hour=3, room=str(room.pk)))
    assert (refused.status_code, refused.json()["code"]) == (409, "quota_reached")
    assert place(client, line(hour=3, hours=0.5, room=str(room.pk))).status_code == 201


def test_a_series_keeps_the_wall_clock_over_a_change(client: SignedClient, time_machine: Any) -> None:
    time_machine.move_to(datetime(2026, 10, 20, 12, tzinfo=UTC))
    room = factories.room(at=factories.venue(timezone="America/New_York"))
    item = {
        "kind": "room", "room": str(room.pk), "starts_at": "2026-10-26T13:00:00Z", "ends_at": "2026-10-26T14:00:00Z",
        "repeat": {"freq": "weekly", "count": 3},
    }  # fmt: skip
    order = (
        factories.client_of(factories.member()).post("/orders", {"lines": [item]}, idempotency_key=next(keys)).json()
    )
    starts = [shown["object"]["starts_at"] for shown in order["lines"]]
    assert starts == ["2026-10-26T13:00:00Z", "2026-11-02T14:00:00Z", "2026-11-09T14:00:00Z"]
    assert len({shown["object"]["series"] for shown in order["lines"]}) == 1


def test_a_series_skips_its_conflicts_or_is_refused_whole(client: SignedClient, line: Line) -> None:
    place(client, line(hour=24))
    before = counts()
    repeat = {"freq": "daily", "count": 3}
    assert place(client, line(repeat=repeat)).json()["code"] == "slot_taken"
    assert counts() == before
    preview = client.post("/quotes", {"lines": [line(repeat=repeat)]}).json()
    assert [item["available"] for item in preview["lines"]] == [True, False, True]
    order = place(client, line(repeat={**repeat, "skip_conflicts": True})).json()
    assert len(order["lines"]) == 2


@pytest.mark.parametrize("hours", [24.25, 25])
def test_a_repeat_that_overlaps_itself_is_refused(client: SignedClient, line: Line, hours: float) -> None:
    refused = place(client, line(hours=hours, repeat={"freq": "daily", "count": 2}))
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["lines.0.repeat"])


def test_a_coupon_is_not_usable_yet(client: SignedClient, line: Line) -> None:
    assert place(client, line(), coupon="17").json()["code"] == "coupon_unusable"
    assert counts() == (0, 0, 0, 0)


BAD = [
    ({"ends_at": "2020-01-01T00:00:00Z"}, 400, "ends_at"),
    ({"starts_at": "yesterday"}, 400, "starts_at"),
    ({"starts_at": "2026-01-05T01:00:00"}, 400, "starts_at"),
    ({"starts_at": 5}, 400, "starts_at"),
    ({"room": "x"}, 400, "room"),
    ({"room": 1}, 400, "room"),
    ({"room": "999999999"}, 404, "room"),
    ({"attendees": 0}, 400, "attendees"),
    ({"attendees": 9}, 400, "attendees"),
    ({"attendees": "many"}, 400, "attendees"),
    ({"colour": "red"}, 400, "colour"),
    ({"kind": "yacht"}, 400, "kind"),
    ({"repeat": {"freq": "hourly", "count": 2}}, 400, "repeat.freq"),
    ({"repeat": {"freq": "daily", "count": 27}}, 400, "repeat.count"),
    ({"repeat": {"freq": "daily", "count": 1}}, 400, "repeat.count"),
]


@pytest.mark.parametrize(("change", "status", "field"), BAD)
def test_bad_input_names_its_field_and_changes_nothing(
    client: SignedClient, line: Line, change: dict[str, Any], status: int, field: str
) -> None:
    refused = place(client, {**line(), **change})
    body = refused.json()
    assert (refused.status_code, list(body["fields"])) == (status, [f"lines.0.{field}"]), body
    assert refused["Content-Type"] == "application/problem+json"
    assert counts() == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("hour", "hours", "code"),
    [(-72, 1, "too_soon"), (24 * 400, 1, "too_late"), (0, 9, "too_long"), (0.1, 1, "invalid")],
)
def test_times_that_cannot_be_are_refused(
    client: SignedClient, line: Line, hour: float, hours: float, code: str
) -> None:
    refused = place(client, line(hour=hour, hours=hours))
    assert refused.json()["code"] == code
    assert next(iter(refused.json()["fields"])).startswith("lines.0.")
    assert counts() == (0, 0, 0, 0)


def test_another_members_order_is_not_there(client: SignedClient, line: Line) -> None:
    order = place(client, line()).json()
    other = factories.client_of(factories.member())
    booking = order["lines"][0]["object"]["id"]
    for path in (f"/orders/{order['id']}", f"/bookings/{booking}"):
        assert other.get(path).status_code == 404
    for path in (f"/orders/{order['id']}/cancel", f"/bookings/{booking}/move", f"/bookings/{booking}/check-in"):
        body = {"starts_at": "2026-01-05T01:00:00Z", "ends_at": "2026-01-05T02:00:00Z"} if "move" in path else {}
        assert other.post(path, body, idempotency_key=next(keys)).status_code == 404
    assert client.get(f"/orders/{order['id']}").json() == order


def test_a_member_over_plan_pays_the_plans_price_and_others_may_not_book(line: Line, member: Member) -> None:
    room = factories.room(plan_codes=["gold"])
    refused = place(factories.client_of(member), line(room=str(room.pk)))
    assert (refused.status_code, refused.json()["code"]) == (403, "plan_required")


def test_the_queries_of_an_order_are_counted(
    client: SignedClient, line: Line, django_assert_max_num_queries: Any
) -> None:
    place(client, line(hour=8))
    with django_assert_max_num_queries(22):
        assert place(client, line()).status_code == 201
