"""Opening hours of a local day as quarter-hour slots."""

from datetime import date, datetime, timedelta

from venues.rules.bundle import RoomRules
from venues.rules.closures import shuts_on
from venues.rules.holidays import Kind, day_kind
from venues.rules.slots import local_date, slot_of, wall_instant

Span = tuple[int, int]
"""Half-open: first slot, one past the last."""


def weekday_of(rules: RoomRules, day: date) -> int:
    """The weekday whose hours and prices hold: a make-up workday counts as a Monday."""
    kind = day_kind(rules.holidays, day, rules.overrides)
    return 0 if kind.kind is Kind.MAKE_UP else day.weekday()


def day_slots(rules: RoomRules, day: date) -> tuple[Span, ...]:
    """The open spans of one local day, ascending, closures taken out; kept in the bundle's memo."""
    key = ("open", day)
    if key not in rules.memo:
        rules.memo[key] = tuple(_day_slots(rules, day))
    found: tuple[Span, ...] = rules.memo[key]
    return found


def open_between(rules: RoomRules, starts_at: datetime, ends_at: datetime) -> list[Span]:
    """Open spans of all local days that a stretch touches, merged across midnight."""
    day, last = local_date(rules.zone, starts_at), local_date(rules.zone, ends_at)
    spans: list[Span] = []
    while day <= last:
        spans.extend(day_slots(rules, day))
        day += timedelta(days=1)
    return merge(spans)


def merge(spans: list[Span]) -> list[Span]:
    """Join spans that touch or overlap."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def subtract(spans: list[Span], holes: list[Span]) -> list[Span]:
    """What is left of ``spans`` without ``holes``."""
    left = spans
    for hole_start, hole_end in holes:
        left = [
            part
            for start, end in left
            for part in ((start, min(end, hole_start)), (max(start, hole_end), end))
            if part[0] < part[1]
        ]
    return left


def _day_slots(rules: RoomRules, day: date) -> list[Span]:
    weekday = weekday_of(rules, day)
    spans = [_span(rules, day, item.opens, item.closes) for item in rules.hours if item.weekday == weekday]
    holes = [_span(rules, day, start, end) for start, end, _message in shuts_on(rules, day)]
    return subtract(merge([span for span in spans if span[0] < span[1]]), holes)


def _span(rules: RoomRules, day: date, opens: int, closes: int) -> Span:
    start = wall_instant(rules.zone, day, opens)
    end = wall_instant(rules.zone, day, closes, closing=True)
    return slot_of(start), slot_of(end)
