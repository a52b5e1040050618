"""The demonstration's bookings: ninety days back, two weeks ahead, and as much more as is asked for."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from bookings.models import Booking
from console.demo import books, places, tables
from console.demo.diary import Diary, Stay
from console.demo.people import CHINESE_MEMBERS
from console.demo.repeating import Repeater
from members.models import Member
from orders.models import Order
from staff.models import User
from venues.models import Room, Venue
from venues.queries import rules_of_many
from venues.rules import RoomRules, local_date

DAYS_BACK, DAYS_AHEAD = 90, 14
LARGE = 50_000
"""From so many missing bookings on a campus is added, so that a million fits into about a year."""
BATCH = 2000
MOST_REPEATED = 25_000
Told = Callable[[int], None]


def make_history(*, luck: Random, at: datetime, told: Told = lambda _done: None) -> int:
    """Write the usual bookings, once; answers how many (0 where they are there already)."""
    if Order.objects.filter(source=Order.Source.DEMO).exists():
        return 0
    diaries = _diaries(tables.PLACES, luck, at, busy=0.5)
    days = range(-DAYS_BACK, DAYS_AHEAD + 1)
    return _write(_stays(diaries, days, at), at=at, brief=False, told=told)


def make_more(*, wanted: int, luck: Random, at: datetime, told: Told = lambda _done: None) -> int:
    """Write further bookings of the past until there are ``wanted`` in all; answers how many."""
    missing = wanted - Booking.objects.count()
    if missing <= 0:
        return 0
    if missing >= LARGE:
        return _repeat(missing, luck, at, told)
    first = Booking.objects.filter(line__order__source=Order.Source.DEMO).order_by("starts_at").first()
    back = (at - first.starts_at).days + 2 if first else DAYS_BACK + 1
    stays = islice(_stays(_diaries(tables.PLACES, luck, at, busy=0.92), _backwards(back), at), missing)
    return _write(stays, at=at, brief=True, told=told)


def _backwards(first: int) -> Iterator[int]:
    while True:
        yield -first
        first += 1


def _repeat(missing: int, luck: Random, at: datetime, told: Told) -> int:
    """A busy week of the campus, then the same again and again, further and further back."""
    places.make_places((tables.CAMPUS,))
    campus = Booking.objects.filter(venue__slug=tables.CAMPUS.slug)
    first = campus.order_by("starts_at").first()
    back = (at - first.starts_at).days + 9 if first else DAYS_BACK
    week = list(_stays(_diaries((tables.CAMPUS,), luck, at, busy=0.92), range(-back, 7 - back), at))
    week = week[: min(missing, MOST_REPEATED)]
    staff = User.objects.filter(username="desk").first()
    repeater = Repeater(books.write(stays=week, at=at, staff=staff, brief=True))
    done = len(week)
    copies = islice(repeater.copies(), missing - done)
    while batch := list(islice(copies, BATCH)):
        repeater.write(batch)
        done += len(batch)
        told(done)
    return done


def _write(stays: Iterator[Stay], *, at: datetime, brief: bool, told: Told) -> int:
    staff = User.objects.filter(username="desk").first()
    done = 0
    while batch := list(islice(stays, BATCH)):
        done += len(books.write(stays=batch, at=at, staff=staff, brief=brief))
        for stay in batch:
            stay.bundle.memo.clear()
        told(done)
    return done


def _diaries(wanted: Sequence[places.Place], luck: Random, at: datetime, busy: float) -> list[Diary]:
    found = []
    members = list(Member.objects.filter(openid__startswith="demo-").select_related("plan").order_by("openid"))
    for venue in Venue.objects.filter(slug__in=[table.slug for table in wanted]):
        ids = Room.objects.filter(venue=venue, active=True).values_list("pk", flat=True)
        local = members[:CHINESE_MEMBERS] if venue.holidays == Venue.Holidays.CN else members[CHINESE_MEMBERS:]
        found.append(Diary(list(rules_of_many(room_ids=ids).values()), local or members, luck, at, busy))
    return found


def _stays(diaries: list[Diary], days: Iterable[int], at: datetime) -> Iterator[Stay]:
    for offset in days:
        for diary in diaries:
            today = local_date(_zone(diary.bundles[0]), at)
            yield from diary.day(today + timedelta(days=offset))


def _zone(bundle: RoomRules) -> Any:
    return bundle.zone
