"""A venue's day: rooms down, hours across. Everything a page draws, worked out from one query of bookings."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from bookings.models import Booking
from core import masking, tones
from venues.models import Room, Venue
from venues.queries import rules_of_many
from venues.rules import RoomRules, day_slots, slot_instant, slot_of
from venues.rules.closures import shuts_on
from venues.rules.hours import Span, merge, subtract
from venues.rules.slots import wall_instant

SHOWN = (*Booking.CLAIMING, Booking.Status.COMPLETED)
LONGEST = timedelta(days=7)
USUAL_HOURS = (8 * 60, 20 * 60)
AN_HOUR = 4
COLUMNS = (
    "pk", "room_id", "unit", "starts_at", "ends_at", "status", "member__nickname", "guest_name",
    "line__order__expires_at", "ended_at",
)  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """Something in a lane; ``left`` and ``width`` are percents of the hours shown."""

    left: str
    width: str
    text: str = ""
    times: str = ""
    pk: int = 0
    look: tones.Look | None = None
    expires_at: datetime | None = None
    until: str = ""
    first: int = 0
    last: int = 0
    narrow: bool = False


@dataclass(frozen=True)
class Lane:
    """One room: closed hours, free stretches, bookings, and what is taken through other rooms."""

    room: Room
    closed: Sequence[Piece] = ()
    free: Sequence[Piece] = ()
    blocks: Sequence[Piece] = ()
    taken: Sequence[Piece] = ()
    levels: Sequence[Piece] = ()


@dataclass(frozen=True)
class Day:
    """What the page shows. ``token`` changes with anything that is drawn."""

    venue: Venue
    day: date
    hours: Sequence[tuple[str, str]]
    lanes: Sequence[Lane]
    now: str
    token: str
    count: int
    arrivals: int
    late: int
    columns: int


@dataclass
class _Grid:
    first: int
    last: int
    zone: ZoneInfo
    memo: dict[str, tones.Look] = field(default_factory=dict)

    def percent(self, slots: float) -> str:
        return f"{100 * slots / (self.last - self.first):.3f}"

    def piece(self, start: float, end: float, **more: Any) -> Piece:
        begins, ends = max(start, self.first), min(end, self.last)
        return Piece(self.percent(begins - self.first), self.percent(ends - begins), narrow=ends - begins < 3, **more)

    def within(self, span: Span) -> bool:
        return span[0] < self.last and span[1] > self.first

    def times(self, start: datetime, end: datetime) -> str:
        return f"{start.astimezone(self.zone):%H:%M}–{end.astimezone(self.zone):%H:%M}"

    def look(self, status: str) -> tones.Look:
        if status not in self.memo:
            found = tones.look("bookings.booking", status)
            self.memo[status] = tones.Look(str(found.label), found.icon, found.tone)
        return self.memo[status]


def day_of(*, venue: Venue, day: date, at: datetime) -> Day:
    """The day of a venue as it is at an instant; a fixed number of queries while the rules are known."""
    zone = ZoneInfo(venue.timezone)
    midnight, after = wall_instant(zone, day, 0), wall_instant(zone, day + timedelta(days=1), 0)
    rooms = list(Room.objects.filter(venue=venue, active=True).order_by("sort", "pk"))
    bundles = rules_of_many(room_ids=[room.pk for room in rooms])
    rows = _rows(venue, midnight, after)
    grid = _grid(zone, day, bundles.values(), rows, (slot_of(midnight), slot_of(after)))
    here = _by_room(rooms, bundles, rows)
    lanes = [_lane(room, bundles[room.pk], here[room.pk], grid, day, at) for room in rooms]
    waiting = [row for row in rows if row[5] == Booking.Status.CONFIRMED]
    return Day(
        venue=venue,
        day=day,
        hours=_hours(grid),
        lanes=lanes,
        now=_now(grid, at),
        token=_token(rows, venue, rooms, at),
        count=len(rows),
        arrivals=sum(1 for row in waiting if row[3] >= at),
        late=sum(1 for row in waiting if row[3] < at),
        columns=(grid.last - grid.first) // AN_HOUR,
    )


def _rows(venue: Venue, midnight: datetime, after: datetime) -> list[tuple[Any, ...]]:
    rows = Booking.objects.filter(
        venue=venue, starts_at__gte=midnight - LONGEST, starts_at__lt=after, ends_at__gt=midnight, status__in=SHOWN
    )
    return list(rows.order_by("starts_at", "pk").values_list(*COLUMNS))


def _grid(zone: ZoneInfo, day: date, bundles: Iterable[RoomRules], rows: Sequence[Any], bounds: Span) -> _Grid:
    """From the first opening or booking to the last, in whole hours; usual hours where all is shut."""
    spans = [span for bundle in bundles for span in day_slots(bundle, day)]
    spans += [(slot_of(row[3]), slot_of(row[4])) for row in rows]
    if not spans:
        spans = [tuple(slot_of(wall_instant(zone, day, minute)) for minute in USUAL_HOURS)]  # type: ignore[list-item]
    first = max(bounds[0], min(start for start, _end in spans))
    last = min(bounds[1], max(end for _start, end in spans))
    first -= (first - bounds[0]) % AN_HOUR
    last += -(last - bounds[0]) % AN_HOUR
    return _Grid(first, max(last, first + AN_HOUR), zone)


def _hours(grid: _Grid) -> list[tuple[str, str]]:
    marks = range(grid.first, grid.last, AN_HOUR)
    return [(grid.percent(slot - grid.first), f"{slot_instant(slot).astimezone(grid.zone):%H:%M}") for slot in marks]


def _now(grid: _Grid, at: datetime) -> str:
    passed = (at - slot_instant(grid.first)).total_seconds() / 900
    return grid.percent(passed) if 0 <= passed <= grid.last - grid.first else ""


def _token(rows: Sequence[Any], venue: Venue, rooms: Sequence[Room], at: datetime) -> str:
    """Anything drawn: bookings, rules, and the now-line, which moves by the minute."""
    names = [(room.pk, room.name, room.seats) for room in rooms]
    seen = repr((rows, names, venue.rules_version, int(at.timestamp()) // 60, _("Free")))
    return hashlib.sha256(seen.encode()).hexdigest()[:20]


def _by_room(
    rooms: Sequence[Room], bundles: dict[int, RoomRules], rows: Sequence[Any]
) -> dict[int, list[tuple[Any, ...]]]:
    """Room → the bookings that take something of it, its own and those of its whole or parts."""
    users: dict[int, list[int]] = defaultdict(list)
    for room in rooms:
        for space in bundles[room.pk].spaces:
            users[space].append(room.pk)
    found: dict[int, list[tuple[Any, ...]]] = {room.pk: [] for room in rooms}
    for row in rows:
        spaces = bundles[row[1]].spaces if row[1] in bundles else ()
        for pk in {pk for space in spaces for pk in users[space]}:
            found[pk].append(row)
    return found


def _lane(room: Room, bundle: RoomRules, rows: Sequence[Any], grid: _Grid, day: date, at: datetime) -> Lane:
    spans = list(day_slots(bundle, day))
    own = [row for row in rows if row[1] == room.pk]
    levels = _levels(own) if room.units > 1 else []
    return Lane(
        room=room,
        closed=_closed(bundle, spans, grid, day),
        free=_free(bundle, spans, rows, grid, at),
        blocks=[] if levels else [_block(row, grid) for row in own],
        taken=[_taken(row, grid) for row in rows if row[1] != room.pk],
        levels=[_level(level, room, grid) for level in levels],
    )


def _end(row: Sequence[Any]) -> int:
    """The slot from which a booking's room is empty again: when it ended early, that is sooner."""
    return slot_of((row[9] or row[4]) - timedelta(microseconds=1)) + 1


def _block(row: Sequence[Any], grid: _Grid) -> Piece:
    pk, _room, _unit, start, end, status, nickname, guest, expires_at, _ended = row
    held_until = expires_at if status == Booking.Status.HELD else None
    return grid.piece(
        slot_of(start), _end(row),
        pk=pk, text=masking.name(nickname or guest or "") or _("Guest"), times=grid.times(start, end),
        look=grid.look(status), expires_at=held_until,
        until=f"{held_until.astimezone(grid.zone):%H:%M}" if held_until else "",
    )  # fmt: skip


def _taken(row: Sequence[Any], grid: _Grid) -> Piece:
    text = _("Taken through another room")
    return grid.piece(slot_of(row[3]), slot_of(row[4]), pk=row[0], text=text, times=grid.times(row[3], row[4]))


def _closed(bundle: RoomRules, spans: Sequence[Span], grid: _Grid, day: date) -> list[Piece]:
    shuts = [
        (slot_of(wall_instant(grid.zone, day, start)), slot_of(wall_instant(grid.zone, day, end, closing=True)), text)
        for start, end, text in shuts_on(bundle, day)
    ]

    def why(start: int, end: int) -> str:
        return next((text for first, last, text in shuts if first < end and start < last), _("Closed"))

    found = subtract([(grid.first, grid.last)], list(spans))
    return [grid.piece(start, end, text=why(start, end)) for start, end in found]


def _free(bundle: RoomRules, spans: Sequence[Span], rows: Sequence[Any], grid: _Grid, at: datetime) -> list[Piece]:
    """Stretches that can still be booked: open, not past, a unit left, the turnaround kept."""
    tail = -(-bundle.policy.turnaround_minutes // 15)
    used: dict[int, int] = defaultdict(int)
    for row in rows:
        for slot in range(slot_of(row[3]), _end(row) + tail):
            used[slot] += 1
    full = merge([(slot, slot + 1) for slot, count in used.items() if count >= bundle.units])
    left = subtract(list(spans), [(0, slot_of(at)), *full])
    return [
        grid.piece(start, end, first=start, last=end, times=grid.times(slot_instant(start), slot_instant(end)))
        for start, end in left
        if grid.within((start, end))
    ]


def _levels(rows: Sequence[Any]) -> list[tuple[int, int, int]]:
    """``(first slot, past the last, units in use)`` of a pool, where any is."""
    edges: dict[int, int] = defaultdict(int)
    for row in rows:
        edges[slot_of(row[3])] += 1
        edges[slot_of(row[4])] -= 1
    found, count, marks = [], 0, sorted(edges)
    for start, end in pairwise(marks):
        count += edges[start]
        if count:
            found.append((start, end, count))
    return found


def _level(level: tuple[int, int, int], room: Room, grid: _Grid) -> Piece:
    start, end, count = level
    tone = tones.BAD if count >= room.units else tones.WARN if count * 5 >= room.units * 4 else tones.GOOD
    word = _("Full") if count >= room.units else _("Units left")
    times = grid.times(slot_instant(start), slot_instant(end))
    return grid.piece(start, end, text=f"{count} / {room.units}", times=times, look=tones.Look(word, "groups", tone))
