"""The window of a booking, rule by rule, and what is kept when it is cancelled."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError, Invalid
from venues.errors import Closed, OutsideHours, PlanRequired, TooLate, TooLong, TooSoon
from venues.rules.bundle import RoomRules
from venues.rules.closures import shuts_on
from venues.rules.hours import open_between
from venues.rules.slots import SLOT_SECONDS, local_date, local_minute, slot_of, wall_instant

KEPT_WITHOUT_TIER = 100


@dataclass(frozen=True)
class Wish:
    """What somebody would like: a stretch, by whom, decided at an instant."""

    starts_at: datetime
    ends_at: datetime
    at: datetime
    plan_code: str = ""
    attendees: int = 1
    staff: bool = False


Rule = Callable[[RoomRules, Wish], None]


def check_window(
    rules: RoomRules,
    starts_at: datetime,
    ends_at: datetime,
    at: datetime,
    *,
    plan_code: str = "",
    attendees: int = 1,
    staff: bool = False,
) -> None:
    """Raise the first rule's refusal: Invalid (400), PlanRequired (403), or a 409 of venues.errors.

    Staff are held to shape, hours and closures, but not to notice, length and plan.
    """
    wish = Wish(starts_at, ends_at, at, plan_code, attendees, staff)
    for _name, rule in _RULES:
        rule(rules, wish)


def explain(
    rules: RoomRules, starts_at: datetime, ends_at: datetime, at: datetime, **more: Any
) -> list[dict[str, Any]]:
    """Every rule with its outcome: ``{"rule", "ok", "text"}``; text is empty where it holds."""
    return list(_explained(rules, Wish(starts_at, ends_at, at, **more)))


def freeze_policy(rules: RoomRules) -> dict[str, Any]:
    """The policy as it is written onto a booking when it is made (JSON-able)."""
    frozen = asdict(rules.policy)
    frozen["tiers"] = [list(tier) for tier in rules.policy.tiers]
    frozen["plan_codes"] = list(rules.policy.plan_codes)
    frozen["zone"] = rules.zone.key
    return frozen


def cancellation_kept_percent(frozen: Mapping[str, Any], starts_at: datetime, at: datetime) -> int:
    """The percent of the price that is kept when cancelled at ``at``.

    The tier with the most hours that still fit decides; after the last tier, and once the booking
    has begun, all is kept. A policy without tiers gives everything back until the start.
    """
    left = starts_at - at
    if left < timedelta(0):
        return KEPT_WITHOUT_TIER
    tiers = sorted(frozen.get("tiers") or [[0, 0]], reverse=True)
    for hours, percent in tiers:
        if left >= timedelta(hours=hours):
            return int(percent)
    return KEPT_WITHOUT_TIER


def _explained(rules: RoomRules, wish: Wish) -> Iterator[dict[str, Any]]:
    for name, rule in _RULES:
        try:
            rule(rules, wish)
        except DomainError as error:
            yield {"rule": name, "ok": False, "text": str(error), "code": error.code}
        else:
            yield {"rule": name, "ok": True, "text": "", "code": ""}


def _order(rules: RoomRules, wish: Wish) -> None:
    if wish.ends_at <= wish.starts_at:
        raise Invalid(_("The end must come after the start."), field="ends_at")


def _grid(rules: RoomRules, wish: Wish) -> None:
    step = rules.policy.step_minutes
    for name, instant in (("starts_at", wish.starts_at), ("ends_at", wish.ends_at)):
        whole = instant.timestamp() % SLOT_SECONDS == 0
        if not whole or local_minute(rules.zone, instant) % step:
            text = _("Must fall on a step of %(step)s minutes.") % {"step": step}
            raise Invalid(text, field=name)


def _people(rules: RoomRules, wish: Wish) -> None:
    if wish.attendees > rules.seats:
        text = _("This room has %(seats)s seats.") % {"seats": rules.seats}
        raise Invalid(text, field="attendees")


def _shortest(rules: RoomRules, wish: Wish) -> None:
    least = timedelta(minutes=rules.policy.min_minutes)
    if not wish.staff and wish.ends_at - wish.starts_at < least:
        text = _("At least %(minutes)s minutes.") % {"minutes": rules.policy.min_minutes}
        raise Invalid(text, code="too_short", field="ends_at")


def _longest(rules: RoomRules, wish: Wish) -> None:
    most = timedelta(days=7) if wish.staff else timedelta(minutes=rules.policy.max_minutes)
    if wish.ends_at - wish.starts_at > most:
        data = {"max_minutes": int(most.total_seconds()) // 60}
        text = _("At most %(minutes)s minutes.") % {"minutes": data["max_minutes"]}
        raise TooLong(text, field="ends_at", data=data)


def _soon(rules: RoomRules, wish: Wish) -> None:
    """Staff may book the quarter-hour that is running, for a walk-in."""
    if wish.staff:
        earliest = wish.at - timedelta(seconds=wish.at.timestamp() % SLOT_SECONDS)
    else:
        earliest = wish.at + timedelta(minutes=rules.policy.min_notice_minutes)
    if wish.starts_at < earliest:
        raise TooSoon(field="starts_at", data={"min_notice_minutes": rules.policy.min_notice_minutes})


def _late(rules: RoomRules, wish: Wish) -> None:
    days = 730 if wish.staff else rules.policy.max_notice_days
    last = local_date(rules.zone, wish.at) + timedelta(days=days)
    if local_date(rules.zone, wish.starts_at) > last:
        raise TooLate(field="starts_at", data={"last_day": last.isoformat()})


def _plan(rules: RoomRules, wish: Wish) -> None:
    codes = rules.policy.plan_codes
    if codes and not wish.staff and wish.plan_code not in codes:
        raise PlanRequired(data={"plans": list(codes)})


def _open(rules: RoomRules, wish: Wish) -> None:
    spans = open_between(rules, wish.starts_at, wish.ends_at)
    start, end = slot_of(wish.starts_at), slot_of(wish.ends_at)
    if rules.active and any(first <= start and end <= last for first, last in spans):
        return
    reason = _shut_reason(rules, wish)
    if reason is not None or not rules.active:
        raise Closed(reason or None, field="starts_at", data={"reason": reason or ""})
    raise OutsideHours(field="starts_at")


def _shut_reason(rules: RoomRules, wish: Wish) -> str | None:
    day, last = local_date(rules.zone, wish.starts_at), local_date(rules.zone, wish.ends_at)
    while day <= last:
        for start, end, message in shuts_on(rules, day):
            begins = wall_instant(rules.zone, day, start)
            ends = wall_instant(rules.zone, day, end, closing=True)
            if begins < wish.ends_at and wish.starts_at < ends:
                return message
        day += timedelta(days=1)
    return None


_RULES: tuple[tuple[str, Rule], ...] = (
    ("order", _order),
    ("grid", _grid),
    ("people", _people),
    ("shortest", _shortest),
    ("longest", _longest),
    ("soon", _soon),
    ("late", _late),
    ("plan", _plan),
    ("open", _open),
)
