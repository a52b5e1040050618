"""The desk in a real browser: walk-in, an API booking that appears, expiry, refund note, export, both languages."""

import csv
import os
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from bookings.models import Booking
from core import clock
from core.permissions import OWNER
from orders import services as orders
from staff.models import Role, User
from tests import factories
from tests.desk import booked
from venues.models import Closure, Room, Venue

pytestmark = [pytest.mark.django_db(transaction=True)]
WIDTHS = (390, 1440)
PICTURES = Path(settings.BASE_DIR) / "docs" / "pictures"
KEEP = os.environ.get("ATRIUM_PICTURES") == "1"
"""With ATRIUM_PICTURES=1 the pages are kept as docs/pictures/*.png."""


@pytest.fixture(autouse=True)
def _sync_django(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def violations(page: Page) -> Iterator[list[str]]:
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", lambda line: found.append(line.text) if "Content Security Policy" in line.text else None)
    yield found
    assert found == []


@pytest.fixture
def rooms() -> list[Room]:
    place = factories.venue(name="静安中心", slug="jingan", hours=(480, 1320))
    made = [
        factories.room(at=place, name=name, **more)
        for name, more in (
            ("梧桐厅", {}), ("银杏厅", {"hour_fen": 18000}), ("云杉厅", {"needs_approval": True}), ("工位区", {"units": 12, "hour_fen": 2000}),
        )
    ]  # fmt: skip
    whole = factories.room(at=place, name="大会议厅", hour_fen=40000, seats=40)
    whole.parts.add(*made[:2])
    Venue.objects.filter(pk=place.pk).update(rules_version=9)
    return made


@pytest.fixture
def address(page: Page, live_server: Any) -> str:
    """Signed in as an owner who reads Chinese."""
    user = User.objects.create_user("olga", "a-long-enough-one", name="奥尔加", all_venues=True, language="zh-hans")
    user.roles.set(Role.objects.filter(slug=OWNER))
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    return str(live_server.url)


def accessible(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    bad = [(item["id"], item["nodes"][0]["html"][:200]) for item in found if item["impact"] in ("serious", "critical")]
    assert bad == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} is too wide"


def picture(page: Page, name: str) -> None:
    if KEEP:
        page.screenshot(path=PICTURES / f"{name}.png")


def day_ahead() -> datetime:
    """10:00 in Shanghai, two days ahead."""
    return (clock.now() + timedelta(days=2)).replace(hour=2, minute=0, second=0, microsecond=0)


def timeline_of(page: Page, address: str) -> None:
    page.goto(f"{address}/bookings/timeline/?day={day_ahead():%Y-%m-%d}")


def test_a_walk_in_is_booked_on_the_timeline(
    page: Page, address: str, rooms: list[Room], violations: list[str]
) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    timeline_of(page, address)
    free = page.locator(f'[data-room="{rooms[0].pk}"] a.tl-free').first
    box = free.bounding_box()
    assert box is not None
    free.click(position={"x": box["width"] * 2 / 14 + 3, "y": 20})
    panel = page.locator("#panel-body")
    expect(panel.locator("[name=starts]")).to_have_value(f"{day_ahead():%Y-%m-%d}T10:00")
    expect(panel.locator("#price")).to_contain_text("¥120.00")
    panel.locator("[name=guest_name]").fill("陈晓")
    panel.locator("[name=method]").select_option("cash")
    accessible(page)
    picture(page, "desk-book")
    panel.locator("button[value=book]").click()
    expect(panel.locator(".badge").first).to_contain_text("已确认")
    made = Booking.objects.get()
    assert (made.status, made.guest_name, made.starts_at) == ("confirmed", "陈晓", day_ahead())
    expect(page.locator(f"#b{made.pk}")).to_contain_text("陈**")
    picture(page, "desk-card")


def test_an_api_booking_appears_and_expires_without_a_reload(
    page: Page, address: str, rooms: list[Room], violations: list[str]
) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    timeline_of(page, address)
    page.evaluate("window.notReloaded = true")
    who = factories.member(nickname="王小明")
    start, end = day_ahead(), day_ahead() + timedelta(hours=2)
    line = {"kind": "room", "room": str(rooms[1].pk), "starts_at": start.isoformat(), "ends_at": end.isoformat()}
    made = factories.client_of(who).post("/orders", {"lines": [line]}, idempotency_key="k" * 20)
    assert made.status_code == 201
    block = page.locator(f"#b{Booking.objects.get().pk}")
    expect(block).to_contain_text("王**", timeout=15000)
    expect(block.locator("[data-countdown]")).to_have_text(re.compile(r"^1[0-5]:\d\d$"))
    orders.expire_order(order_id=int(made.json()["id"]), at=clock.now() + timedelta(minutes=16))
    expect(block).to_have_count(0, timeout=15000)
    assert page.evaluate("window.notReloaded")


def test_cancelling_says_what_is_refunded_and_does_it(
    page: Page, address: str, rooms: list[Room], violations: list[str]
) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    found = booked(rooms[0], member=factories.member(nickname="王小明"), start=day_ahead(), pay=True)
    page.goto(f"{address}/bookings/")
    page.locator("[data-row]").first.click()
    panel = page.locator("#panel-body")
    panel.get_by_text("取消预订…").click()
    expect(panel.locator(".act[open]")).to_contain_text("释放房间，并向王**退还 ¥120.00。")
    picture(page, "desk-cancel")
    panel.locator("[name=cancel-reason]").fill("客人生病")
    panel.locator(".act[open] form button").click()
    expect(panel.locator(".badge").first).to_contain_text("已取消")
    found.refresh_from_db()
    assert (found.status, found.line.order.refunds.get().amount_fen) == ("cancelled", 12000)  # type: ignore[union-attr]
    accessible(page)


def test_the_export_is_the_list_on_screen(page: Page, address: str, rooms: list[Room]) -> None:
    booked(rooms[0], guest_name="=1+1", start=day_ahead(), pay=True)
    booked(rooms[1], guest_name="Ada", start=day_ahead())
    page.goto(f"{address}/bookings/?status=confirmed")
    with page.expect_download() as started:
        page.get_by_role("link", name="导出").click()
    rows = list(csv.reader(Path(started.value.path()).read_text("utf-8-sig").splitlines()))
    assert [row[0] for row in rows] == ["签到码", Booking.objects.get(status="confirmed").code]
    assert not [cell for row in rows for cell in row if cell.startswith("=")]


@pytest.fixture
def busy_day(rooms: list[Room]) -> dict[str, str]:
    """A day with every state, a closure and a pool in use; the pages to look at."""
    start = day_ahead()
    today = start.date()
    Closure.objects.create(
        venue=rooms[0].venue, room=rooms[0], first_day=today, last_day=today, from_minute=1140, to_minute=1320,
        message="地毯清洗",
    )  # fmt: skip
    Venue.objects.filter(pk=rooms[0].venue_id).update(rules_version=10)
    who = factories.member(nickname="王小明", phone="13812345678")
    paid = booked(rooms[0], member=who, start=start, hours=2, pay=True)
    booked(rooms[1], guest_name="Ada Lovelace", start=start + timedelta(hours=3), hours=1)
    booked(rooms[2], member=who, start=start, hours=3)
    for number in range(4):
        booked(rooms[3], guest_name=f"客人{number}", start=start + timedelta(hours=number), hours=3, pay=True)
    return {
        "timeline": f"/bookings/timeline/?day={start:%Y-%m-%d}",
        "bookings": "/bookings/",
        "booking": f"/bookings/{paid.pk}/",
        "book": "/bookings/book/",
        "orders": "/orders/",
        "order": f"/orders/{paid.line.order.pk}/",  # type: ignore[union-attr]
    }


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_accessible_in_both_languages(
    page: Page, address: str, busy_day: dict[str, str], violations: list[str], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for language in ("zh-hans", "en"):
        page.goto(address)
        page.locator("details.menu summary").click()
        page.locator(f'button[name=language][value="{language}"]').click()
        for name, path in busy_day.items():
            page.goto(address + path)
            expect(page.locator("html")).to_have_attribute("lang", language)
            accessible(page)
            picture(page, f"desk-{name}-{language}-{width}")
