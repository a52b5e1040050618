"""`manage.py demo`: whole, safe to repeat, and the books agree."""

from datetime import timedelta
from io import StringIO
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count

from bookings.models import Booking, RoomClaim
from console.demo import books, history
from core import clock, ledger
from members.models import Member
from orders.models import Order
from staff.models import User
from timers.models import Timer
from venues.models import Room, Venue

pytestmark = pytest.mark.django_db


def demo(**options: int) -> str:
    out = StringIO()
    call_command("demo", stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def drifts() -> list[str]:
    return [f"{check.name}: {drift.text}" for check in ledger.all_checks() for drift in ledger.drifts(check, 3)]


def test_the_demonstration_is_whole_and_its_books_agree() -> None:
    assert "2 venues, 8 staff, 300 members" in demo()
    at = clock.now()
    assert set(Venue.objects.values_list("timezone", flat=True)) == {"Asia/Shanghai", "America/New_York"}
    assert Room.objects.count() == 10
    assert Room.objects.filter(units=12).count() == 1
    assert Room.objects.get(name="梧桐厅").parts.count() == 2
    assert Room.objects.filter(policy__needs_approval=True).count() == 1
    assert Member.objects.count() == 300
    assert User.objects.get(username="desk").check_password("atrium-demo")
    states = dict(Booking.objects.values_list("status").annotate(n=Count("pk")))
    assert {"completed", "no_show", "cancelled", "expired", "confirmed", "held", "pending"} <= set(states)
    assert Booking.objects.filter(starts_at__lt=at - timedelta(days=85)).exists()
    assert Booking.objects.filter(starts_at__gt=at + timedelta(days=12)).exists()
    assert not Order.objects.filter(created_at__gt=at).exists()
    assert drifts() == []


def test_what_is_to_come_has_its_timers() -> None:
    demo()
    kinds = dict(Timer.objects.values_list("kind").annotate(n=Count("pk")))
    assert kinds["bookings.complete"] == Booking.objects.filter(status__in=("confirmed", "checked_in")).count()
    assert kinds["orders.expire"] == Order.objects.filter(expires_at__isnull=False, status="awaiting_payment").count()
    assert kinds["bookings.remind"] > 0 and kinds["bookings.no_show"] > 0
    live = Booking.objects.filter(status__in=Booking.CLAIMING).count()
    assert RoomClaim.objects.values("booking").distinct().count() == live


def test_a_second_time_changes_nothing() -> None:
    demo()
    before = (Booking.objects.count(), Member.objects.count(), User.objects.count(), Timer.objects.count())
    assert "made 0 venues, 0 staff, 0 members, 0 bookings" in demo()
    assert before == (Booking.objects.count(), Member.objects.count(), User.objects.count(), Timer.objects.count())


def test_more_bookings_go_into_the_past() -> None:
    demo()
    wanted = Booking.objects.count() + 700
    demo(bookings=wanted)
    assert Booking.objects.count() == wanted
    assert drifts() == []
    assert history.make_more(wanted=wanted, luck=Random(1), at=clock.now()) == 0


def test_large_data_repeats_a_week_of_the_campus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "LARGE", 300)
    monkeypatch.setattr(history, "MOST_REPEATED", 200)
    demo()
    wanted = Booking.objects.count() + 900
    demo(bookings=wanted)
    assert Booking.objects.count() == wanted
    assert drifts() == []
    copies = Booking.objects.filter(venue__slug="campus").select_related("line__order", "venue")
    assert copies.count() == 900
    for booking in copies.order_by("starts_at")[:50]:
        day = booking.starts_at.astimezone(ZoneInfo(booking.venue.timezone)).date().isoformat()
        assert booking.line and day in booking.line.title and booking.line.why[0]["date"] == day
        assert booking.line.order.created_at < booking.starts_at
    demo(bookings=wanted + 400)
    assert Booking.objects.count() == wanted + 400 and drifts() == []


def test_no_two_numbers_give_one_code() -> None:
    codes = {books.code_of(number) for number in range(50_000)}
    assert len(codes) == 50_000 and {len(code) for code in codes} == {8}


def test_production_has_no_demonstration(settings: object) -> None:
    settings.LOCAL = False  # type: ignore[attr-defined]
    with pytest.raises(CommandError):
        demo()
    assert Venue.objects.count() == 0
