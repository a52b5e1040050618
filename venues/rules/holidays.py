"""Public holidays and make-up workdays.

China's come from the State Council's yearly notice (package `chinesecalendar`); a year whose
notice is not out yet is told as such. Overrides entered by staff win over the package.
A make-up workday follows Monday's hours and prices.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

import chinese_calendar
import holidays as world

Overrides = Mapping[date, tuple[bool, str]]


class Kind(StrEnum):
    ORDINARY = "ordinary"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"
    UNPUBLISHED = "unpublished"


@dataclass(frozen=True)
class DayKind:
    """What a day is in a country's calendar; ``name`` is the holiday's own name."""

    kind: Kind
    name: str = ""


def day_kind(country: str, day: date, overrides: Overrides) -> DayKind:
    """What kind of day it is; ``UNPUBLISHED`` where the year's notice is not out."""
    if not country:
        return DayKind(Kind.ORDINARY)
    if day in overrides:
        workday, name = overrides[day]
        return DayKind(Kind.MAKE_UP if workday else Kind.HOLIDAY, name)
    return _china(day) if country == "CN" else _elsewhere(country, day)


@lru_cache(maxsize=4096)
def _china(day: date) -> DayKind:
    try:
        off, name = chinese_calendar.get_holiday_detail(day)
        workday = chinese_calendar.is_workday(day)
    except NotImplementedError:
        return DayKind(Kind.UNPUBLISHED)
    if off and name:
        return DayKind(Kind.HOLIDAY, chinese_name(name))
    if workday and day.weekday() >= 5:
        return DayKind(Kind.MAKE_UP, chinese_name(name) if name else "")
    return DayKind(Kind.ORDINARY)


def chinese_name(name: str) -> str:
    """The package's English name as the notice's Chinese one."""
    found = next((item for item in chinese_calendar.Holiday if item.value == name), None)
    return str(getattr(found, "chinese", name)) if found else name


@lru_cache(maxsize=32)
def _calendar(country: str, year: int) -> world.HolidayBase:
    return world.country_holidays(country, years=year)


def _elsewhere(country: str, day: date) -> DayKind:
    name = _calendar(country, day.year).get(day)
    return DayKind(Kind.HOLIDAY, name) if name else DayKind(Kind.ORDINARY)
