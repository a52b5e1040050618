"""Hours, closures, windows and prices against the wall clocks of Shanghai and New York."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DomainError, Invalid
from venues import errors, rules
from venues.rules.bundle import Hours, Policy, PriceLine, RoomRules, Shut
from venues.rules.holidays import Kind, day_kind

SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
POLICY = Policy(
    id=1, name="P", min_notice_minutes=0, max_notice_days=90, min_minutes=30, max_minutes=480, step_minutes=15,
    turnaround_minutes=0, needs_approval=False, hold_minutes=None, quota_minutes=None, quota_period="week",
    plan_codes=(), check_in_early_minutes=15, no_show_minutes=15, no_show_exempt_minutes=480, reminder_minutes=60,
    tiers=((24, 0), (2, 50)),
)  # fmt: skip
WEEK = tuple(Hours(day, 540, 1320) for day in range(7))
ALL_DAY = tuple(Hours(day, 0, 1440) for day in range(7))


def room(zone: ZoneInfo = SHANGHAI, **changes: Any) -> RoomRules:
    values: dict[str, Any] = {
        "room_id": 1, "room_name": "R", "venue_id": 1, "version": 1, "zone": zone, "seats": 8, "units": 1,
        "active": True, "day_cap_fen": None, "spaces": (1,), "policy": POLICY, "hours": WEEK, "closures": (),
        "prices": (line(),), "holidays": "", "closed_on_holidays": False,
    }  # fmt: skip
    return RoomRules(**(values | changes))


def line(**changes: Any) -> PriceLine:
    values: dict[str, Any] = {
        "id": 1, "name": "Base", "for_room": True, "weekdays": frozenset(range(7)), "from_minute": 0,
        "to_minute": 1440, "first_day": None, "last_day": None, "plan_code": "", "hour_fen": 12000, "priority": 0,
    }  # fmt: skip
    return PriceLine(**(values | changes))


def at(zone: ZoneInfo, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=zone, fold=fold).astimezone(UTC)  # type: ignore[arg-type, misc]


NOW = at(SHANGHAI, 2026, 3, 2, 8)


def check(bundle: RoomRules, start: datetime, end: datetime, now: datetime = NOW, **more: Any) -> None:
    rules.check_window(bundle, start, end, now, **more)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 8), 23), (date(2026, 11, 1), 25), (date(2026, 3, 9), 24)])
def test_a_day_in_new_york_has_its_own_length(day: date, hours: int) -> None:
    spans = rules.day_slots(room(NEW_YORK, hours=ALL_DAY), day)
    assert sum(end - start for start, end in spans) == hours * 4


def test_a_booking_over_midnight_fits_where_both_days_are_open_throughout() -> None:
    start, end = at(SHANGHAI, 2026, 3, 2, 23, 45), at(SHANGHAI, 2026, 3, 3, 0, 15)
    check(room(hours=ALL_DAY), start, end)
    with pytest.raises(errors.OutsideHours):
        check(room(hours=WEEK), start, end)


def test_opening_hours_hold_by_the_wall_clock_on_both_sides_of_a_change() -> None:
    for day in (7, 8, 9):
        start = at(NEW_YORK, 2026, 3, day, 9)
        check(room(NEW_YORK), start, start + timedelta(hours=1), at(NEW_YORK, 2026, 3, 1, 9))
        with pytest.raises(errors.OutsideHours):
            check(
                room(NEW_YORK), start - timedelta(minutes=15), start + timedelta(hours=1), at(NEW_YORK, 2026, 3, 1, 9)
            )


@pytest.mark.parametrize(
    ("start", "end", "more", "error", "field"),
    [
        ((10, 0), (9, 0), {}, Invalid, "ends_at"),
        ((10, 0), (10, 0), {}, Invalid, "ends_at"),
        ((10, 7), (11, 0), {}, Invalid, "starts_at"),
        ((10, 0), (11, 7), {}, Invalid, "ends_at"),
        ((10, 0), (10, 15), {}, Invalid, "ends_at"),
        ((10, 0), (11, 0), {"attendees": 9}, Invalid, "attendees"),
        ((10, 0), (18, 15), {}, errors.TooLong, "ends_at"),
        ((7, 45), (9, 0), {}, errors.TooSoon, "starts_at"),
        ((8, 0), (10, 0), {}, errors.OutsideHours, "starts_at"),
        ((21, 30), (22, 15), {}, errors.OutsideHours, "starts_at"),
    ],
)
def test_a_refusal_names_its_field(start: Any, end: Any, more: Any, error: type[DomainError], field: str) -> None:
    with pytest.raises(error) as refused:
        check(room(), at(SHANGHAI, 2026, 3, 2, *start), at(SHANGHAI, 2026, 3, 2, *end), **more)
    assert refused.value.field == field


def test_a_day_beyond_the_notice_is_too_late_and_the_last_day_is_not() -> None:
    last = at(SHANGHAI, 2026, 3, 2, 10) + timedelta(days=90)
    check(room(), last, last + timedelta(hours=1))
    with pytest.raises(errors.TooLate):
        check(room(), last + timedelta(days=1), last + timedelta(days=1, hours=1))


def test_staff_may_book_the_running_quarter_and_skip_notice_but_not_hours() -> None:
    now = at(SHANGHAI, 2026, 3, 2, 10, 10)
    start = at(SHANGHAI, 2026, 3, 2, 10)
    check(room(), start, start + timedelta(minutes=15), now, staff=True)
    with pytest.raises(errors.TooSoon):
        check(room(), start - timedelta(minutes=15), start, now, staff=True)
    with pytest.raises(errors.OutsideHours):
        check(room(), at(SHANGHAI, 2026, 3, 2, 22), at(SHANGHAI, 2026, 3, 2, 23), now, staff=True)


def test_a_closure_is_told_with_its_message() -> None:
    shut = Shut(date(2026, 3, 2), date(2026, 3, 2), 600, 720, annual=False, message="消防演习")
    bundle = room(closures=(shut,))
    with pytest.raises(errors.Closed) as refused:
        check(bundle, at(SHANGHAI, 2026, 3, 2, 11), at(SHANGHAI, 2026, 3, 2, 13))
    assert refused.value.data["reason"] == "消防演习"
    check(bundle, at(SHANGHAI, 2026, 3, 2, 12), at(SHANGHAI, 2026, 3, 2, 13))


@pytest.mark.parametrize(
    ("day", "shut"),
    [(date(2028, 2, 29), True), (date(2027, 2, 28), False), (date(2027, 3, 1), False), (date(2032, 2, 29), True)],
)
def test_an_annual_closure_on_29_february_shuts_leap_days_only(day: date, shut: bool) -> None:
    leap = Shut(date(2024, 2, 29), date(2024, 2, 29), 0, 1440, annual=True, message="Leap day")
    assert (rules.closed_reason(room(closures=(leap,)), day) is not None) is shut


def test_an_annual_closure_over_new_year_holds_on_both_sides() -> None:
    shut = Shut(date(2025, 12, 30), date(2026, 1, 2), 0, 1440, annual=True, message="New Year")
    bundle = room(closures=(shut,))
    found = [rules.closed_reason(bundle, date(2026, 12, 29) + timedelta(days=n)) is not None for n in range(6)]
    assert found == [False, True, True, True, True, False]


def test_chinese_holidays_make_up_days_and_unpublished_years() -> None:
    assert day_kind("CN", date(2026, 10, 1), {}).kind is Kind.HOLIDAY
    assert day_kind("CN", date(2026, 2, 14), {}).kind is Kind.MAKE_UP
    assert day_kind("CN", date(2035, 10, 1), {}).kind is Kind.UNPUBLISHED
    assert day_kind("CN", date(2035, 10, 1), {date(2035, 10, 1): (False, "国庆节")}).kind is Kind.HOLIDAY
    assert day_kind("US", date(2026, 7, 3), {}).kind in (Kind.HOLIDAY, Kind.ORDINARY)
    assert day_kind("US", date(2026, 12, 25), {}).kind is Kind.HOLIDAY


def test_a_make_up_workday_keeps_mondays_hours() -> None:
    hours = tuple(Hours(day, 540, 1320) for day in range(5))
    bundle = room(hours=hours, holidays="CN", closed_on_holidays=True)
    assert rules.day_slots(bundle, date(2026, 2, 14)) != ()
    assert rules.day_slots(bundle, date(2026, 2, 7)) == ()
    assert rules.day_slots(bundle, date(2026, 10, 1)) == ()
    assert rules.closed_reason(bundle, date(2026, 10, 1))


def test_the_price_says_why() -> None:
    evening = line(id=2, name="Weekday evening", from_minute=1080, hour_fen=20000, priority=5)
    start = at(SHANGHAI, 2026, 3, 3, 17)
    found = rules.price(room(prices=(line(), evening)), start, start + timedelta(hours=3))
    assert found.amount_fen == 12000 + 40000
    with override("en"):
        texts = [rules.why_text(item) for item in found.why]
    assert texts == [
        "17:00–18:00 · Base · ¥120.00/h = ¥120.00",
        "18:00–20:00 · Weekday evening · ¥200.00/h = ¥400.00",
    ]


def test_a_day_cap_bounds_each_local_day() -> None:
    start = at(SHANGHAI, 2026, 3, 3, 20)
    found = rules.price(room(day_cap_fen=30000), start, start + timedelta(hours=8))
    assert found.amount_fen == 30000 + 30000
    assert [item["kind"] for item in found.why] == ["stretch", "stretch", "cap", "cap"]


def test_a_plan_a_room_and_the_newest_rule_win_in_that_order_of_rank() -> None:
    start = at(SHANGHAI, 2026, 3, 3, 10)
    lines = (
        line(),
        line(id=2, for_room=False, hour_fen=1),
        line(id=3, hour_fen=6000),
        line(id=9, plan_code="gold", hour_fen=0, priority=1),
    )
    bundle = room(prices=lines)
    assert rules.price(bundle, start, start + timedelta(hours=1)).amount_fen == 6000
    assert rules.price(bundle, start, start + timedelta(hours=1), "gold").amount_fen == 0


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([SHANGHAI, NEW_YORK]),
    st.integers(0, 4 * 24 * 40),
    st.integers(1, 40),
    st.lists(
        st.builds(
            line,
            id=st.integers(2, 99),
            from_minute=st.integers(0, 47).map(lambda n: n * 15),
            to_minute=st.integers(48, 96).map(lambda n: n * 15),
            weekdays=st.frozensets(st.integers(0, 6)),
            hour_fen=st.integers(0, 50000).map(lambda n: n * 4),
            priority=st.integers(0, 3),
            for_room=st.booleans(),
        ),
        max_size=5,
        unique_by=lambda item: item.id,
    ),
)
def test_a_price_is_the_sum_of_its_quarters(zone: ZoneInfo, offset: int, length: int, lines: list[PriceLine]) -> None:
    start = at(zone, 2026, 2, 25) + timedelta(minutes=15 * offset)
    bundle = room(zone, prices=tuple(lines))
    oracle = 0
    for n in range(length):
        local = (start + timedelta(minutes=15 * n)).astimezone(zone)
        minute = local.hour * 60 + local.minute
        fit = [x for x in lines if local.weekday() in x.weekdays and x.from_minute <= minute < x.to_minute]
        if fit:
            oracle += sorted(fit, key=lambda x: (x.priority, x.for_room, x.id))[-1].hour_fen // 4
    assert rules.price(bundle, start, start + timedelta(minutes=15 * length)).amount_fen == oracle


@pytest.mark.parametrize(
    ("hours_left", "kept"), [(48, 0), (24, 0), (23.99, 50), (2, 50), (1.99, 100), (0, 100), (-1, 100)]
)
def test_the_cancellation_tiers(hours_left: float, kept: int) -> None:
    start = at(SHANGHAI, 2026, 3, 3, 10)
    frozen = rules.freeze_policy(room())
    assert rules.cancellation_kept_percent(frozen, start, start - timedelta(hours=hours_left)) == kept


def test_every_rule_is_explained_and_the_broken_one_says_why() -> None:
    found = rules.explain(room(), at(SHANGHAI, 2026, 3, 2, 23), at(SHANGHAI, 2026, 3, 2, 23, 30), NOW)
    assert [item["rule"] for item in found if not item["ok"]] == ["open"]
    assert len(found) == 9
