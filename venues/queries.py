"""Reads about venues: the bundle of rules that decides on a room."""

import threading
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.db.models import Q

from core import prepared
from core.errors import NotFound
from venues.models import BookingPolicy, Closure, HolidayOverride, OpeningHours, PriceRule, Room
from venues.rules.bundle import Hours, Policy, PriceLine, RoomRules, Shut

_bundles: dict[int, RoomRules] = {}
_guard = threading.Lock()
_MOST = 5000
_VERSION = prepared.Prepared(
    lambda pk: Room.objects.filter(pk=pk).order_by().values_list("pk", "venue__rules_version"), prepared.whole(0)
)


def room_rules(*, room_id: int) -> RoomRules:
    """The room's rules; one query while the venue's rules have not changed. Raises NotFound."""
    for _pk, version in _VERSION.rows(room_id):
        return rules_at(room_id=room_id, version=version)
    raise NotFound(field="room")


def rules_at(*, room_id: int, version: int) -> RoomRules:
    """The bundle at a version that the caller has just read; loads it where it is not cached."""
    found = _bundles.get(room_id)
    if found is None or found.version != version:
        found = _load(room_id, version)
        with _guard:
            if len(_bundles) > _MOST:
                _bundles.clear()
            _bundles[room_id] = found
    return found


def rules_of_many(*, room_ids: Iterable[int]) -> dict[int, RoomRules]:
    """The bundles of several rooms; one query when all are cached."""
    wanted = list(room_ids)
    if len(wanted) == 1:
        versions = _VERSION.rows(wanted[0])
    else:
        versions = list(Room.objects.filter(pk__in=wanted).values_list("pk", "venue__rules_version"))
    return {pk: rules_at(room_id=pk, version=version) for pk, version in versions}


def forget_rules() -> None:
    """Empty this process's cache (tests)."""
    with _guard:
        _bundles.clear()


def leaf_spaces(room: Room) -> tuple[int, ...]:
    """What a booking of the room claims: its parts, or the room itself."""
    parts = tuple(room.parts.order_by("pk").values_list("pk", flat=True))
    return parts or (room.pk,)


def _load(room_id: int, version: int) -> RoomRules:
    room = Room.objects.select_related("venue", "policy").get(pk=room_id)
    venue = room.venue
    mine = Q(venue=venue) & (Q(room=None) | Q(room=room))
    return RoomRules(
        room_id=room.pk,
        room_name=room.name,
        venue_id=venue.pk,
        version=version,
        zone=ZoneInfo(venue.timezone),
        seats=room.seats,
        units=room.units,
        active=room.active and venue.active,
        day_cap_fen=room.day_cap_fen,
        spaces=leaf_spaces(room),
        policy=policy_of(room.policy),
        hours=_hours(room, mine),
        closures=tuple(
            Shut(c.first_day, c.last_day, c.from_minute, c.to_minute, c.annual, c.message)
            for c in Closure.objects.filter(mine | Q(room__wholes=room)).distinct()
        ),
        prices=tuple(_price(rule) for rule in PriceRule.objects.filter(mine, active=True)),
        holidays=venue.holidays,
        closed_on_holidays=venue.closed_on_holidays,
        overrides={o.day: (o.workday, o.name) for o in HolidayOverride.objects.filter(country=venue.holidays)},
    )


def policy_of(policy: BookingPolicy) -> Policy:
    """A policy's row as the frozen rules use it."""
    names = [name for name in Policy.__dataclass_fields__ if name not in ("tiers", "plan_codes")]
    values = {name: getattr(policy, name) for name in names}
    tiers = tuple((tier.hours_before, tier.percent_kept) for tier in policy.tiers.all())
    return Policy(**values, plan_codes=tuple(policy.plan_codes), tiers=tiers)


def _hours(room: Room, mine: Q) -> tuple[Hours, ...]:
    """A room's own hours replace its venue's; a part follows the whole's venue."""
    rows = list(OpeningHours.objects.filter(mine))
    own = [row for row in rows if row.room_id == room.pk]
    return tuple(Hours(row.weekday, row.opens_minute, row.closes_minute) for row in own or rows)


def _price(rule: PriceRule) -> PriceLine:
    return PriceLine(
        id=rule.pk,
        name=rule.name,
        for_room=rule.room_id is not None,
        weekdays=frozenset(int(digit) for digit in rule.weekdays),
        from_minute=rule.from_minute,
        to_minute=rule.to_minute,
        first_day=rule.first_day,
        last_day=rule.last_day,
        plan_code=rule.plan_code,
        hour_fen=rule.hour_fen,
        priority=rule.priority,
    )
