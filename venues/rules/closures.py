"""Which minutes of a local day are shut, and why."""

from datetime import date

from venues.rules.bundle import RoomRules, Shut
from venues.rules.holidays import Kind, day_kind

DAY = 1440


def shuts_on(rules: RoomRules, day: date) -> list[tuple[int, int, str]]:
    """``(from minute, to minute, message)`` of every closure that touches the day."""
    found = [(shut.from_minute, shut.to_minute, shut.message) for shut in rules.closures if covers(shut, day)]
    kind = day_kind(rules.holidays, day, rules.overrides)
    if rules.closed_on_holidays and kind.kind is Kind.HOLIDAY:
        found.append((0, DAY, kind.name))
    return found


def covers(shut: Shut, day: date) -> bool:
    """Whether a closure covers a day; an annual one by month and day, over New Year too.

    One that names 29 February shuts nothing in a common year, unless its range goes around it.
    """
    if not shut.annual:
        return shut.first_day <= day <= shut.last_day
    first, last = (shut.first_day.month, shut.first_day.day), (shut.last_day.month, shut.last_day.day)
    here = (day.month, day.day)
    if day < shut.first_day and day.year <= shut.first_day.year:
        return False
    return first <= here <= last if first <= last else here >= first or here <= last


def closed_reason(rules: RoomRules, day: date) -> str | None:
    """The message of a closure that takes the whole of the day's opening hours, else None."""
    shuts = shuts_on(rules, day)
    for start, end, message in shuts:
        if start == 0 and end == DAY:
            return message
    return None
