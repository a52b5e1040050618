"""Prices: each quarter-hour is priced by the rule of the highest rank that matches it.

A stretch under one rule and on one local day costs ``hour_fen × minutes / 60``, rounded down
to the fen; a room's day cap bounds the sum of each local day. Where no rule matches it is free.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from core import money
from venues.rules.bundle import PriceLine, RoomRules
from venues.rules.hours import weekday_of
from venues.rules.slots import SLOT_MINUTES

Why = dict[str, Any]


@dataclass(frozen=True)
class Price:
    """An amount in fen and the frozen facts that explain it (see `why_text`)."""

    amount_fen: int
    why: tuple[Why, ...]


@dataclass
class _Stretch:
    day: date
    line: PriceLine | None
    start: datetime
    minutes: int = 0


def price(rules: RoomRules, starts_at: datetime, ends_at: datetime, plan_code: str = "") -> Price:
    """What a stretch costs for a guest with this plan (empty: none), with its reasons."""
    by_day: dict[date, int] = {}
    why: list[Why] = []
    for stretch in _stretches(rules, starts_at, ends_at, plan_code):
        amount = stretch.line.hour_fen * stretch.minutes // 60 if stretch.line else 0
        by_day[stretch.day] = by_day.get(stretch.day, 0) + amount
        why.append(_explained(stretch, amount))
    for day, amount in by_day.items():
        cap = rules.day_cap_fen
        if cap is not None and amount > cap:
            why.append({"kind": "cap", "date": day.isoformat(), "cap_fen": cap, "amount_fen": cap - amount})
            by_day[day] = cap
    return Price(sum(by_day.values()), tuple(why))


def why_text(item: Mapping[str, Any]) -> str:
    """One frozen reason as a sentence in the reader's language."""
    if item["kind"] == "cap":
        text = _("Day cap %(cap)s: %(amount)s")
        return text % {"cap": money.show(item["cap_fen"]), "amount": money.show(item["amount_fen"])}
    if item["kind"] == "free":
        return _("%(from)s–%(to)s · no price rule: free") % item
    if item["kind"] != "stretch":
        return str(item.get("text", item["kind"]))
    values = {**item, "hour": money.show(item["hour_fen"]), "amount": money.show(item["amount_fen"])}
    return _("%(from)s–%(to)s · %(rule)s · %(hour)s/h = %(amount)s") % values


def _stretches(rules: RoomRules, starts_at: datetime, ends_at: datetime, plan_code: str) -> list[_Stretch]:
    found: list[_Stretch] = []
    instant, step = starts_at, timedelta(minutes=SLOT_MINUTES)
    while instant < ends_at:
        local = instant.astimezone(rules.zone)
        line = _line_at(rules, local.date(), local.hour * 60 + local.minute, plan_code)
        if not found or found[-1].line != line or found[-1].day != local.date():
            found.append(_Stretch(local.date(), line, local))
        found[-1].minutes += int(min(step, ends_at - instant).total_seconds()) // 60
        instant += step
    return found


def _line_at(rules: RoomRules, day: date, minute: int, plan_code: str) -> PriceLine | None:
    best: PriceLine | None = None
    for line in _lines_on(rules, day):
        fits = line.from_minute <= minute < line.to_minute and line.plan_code in ("", plan_code)
        if fits and (best is None or line.rank > best.rank):
            best = line
    return best


def _lines_on(rules: RoomRules, day: date) -> tuple[PriceLine, ...]:
    key = ("prices", day)
    if key not in rules.memo:
        weekday = weekday_of(rules, day)
        rules.memo[key] = tuple(
            line
            for line in rules.prices
            if weekday in line.weekdays
            and (line.first_day is None or line.first_day <= day)
            and (line.last_day is None or day <= line.last_day)
        )
    found: tuple[PriceLine, ...] = rules.memo[key]
    return found


def _explained(stretch: _Stretch, amount: int) -> Why:
    end = stretch.start + timedelta(minutes=stretch.minutes)
    shown = {"from": f"{stretch.start:%H:%M}", "to": f"{end:%H:%M}", "date": stretch.day.isoformat()}
    if stretch.line is None:
        return {"kind": "free", **shown, "amount_fen": 0}
    return {
        "kind": "stretch",
        **shown,
        "rule": stretch.line.name,
        "rule_id": stretch.line.id,
        "hour_fen": stretch.line.hour_fen,
        "amount_fen": amount,
    }
