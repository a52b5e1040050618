"""Invents who was where: stays that never overlap, day by day, from the rooms' own rules."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from random import Random

from members.models import Member
from venues.rules import RoomRules, day_slots, slot_instant

SLOTS_AN_HOUR = 4
_LENGTHS = (2, 4, 4, 4, 6, 8, 8, 12, 16)
_DESK_LENGTHS = (8, 12, 16, 16, 24, 32)
_GUESTS = ("李女士", "周先生", "Walk-in", "Ms. Rivera", "吴老师", "Mr. Osei")


class Fate(StrEnum):
    """What became of a stay, or what it waits for."""

    COMPLETED = "completed"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    CHECKED_IN = "checked_in"
    CONFIRMED = "confirmed"
    HELD = "held"
    PENDING = "pending"


@dataclass(frozen=True)
class Stay:
    """One booking to be written down; instants in UTC."""

    bundle: RoomRules
    unit: int
    starts_at: datetime
    ends_at: datetime
    created_at: datetime
    fate: Fate
    member: Member | None
    guest_name: str
    attendees: int


@dataclass
class Diary:
    """Plans the days of one venue's rooms; ``busy`` from 0 (empty) to 1 (one after the other)."""

    bundles: Sequence[RoomRules]
    members: Sequence[Member]
    luck: Random
    at: datetime
    busy: float = 0.5

    def day(self, day: date) -> Iterator[Stay]:
        """The stays that begin on a local day, in no order."""
        taken: set[tuple[int, int, int]] = set()
        bundles = list(self.bundles)
        self.luck.shuffle(bundles)
        for bundle in bundles:
            for unit in range(1, bundle.units + 1):
                if self.luck.random() < 0.5 + self.busy / 2 - (0.3 if bundle.units > 1 else 0):
                    yield from self._unit(bundle, unit, day, taken)

    def _unit(self, bundle: RoomRules, unit: int, day: date, taken: set[tuple[int, int, int]]) -> Iterator[Stay]:
        step = max(1, bundle.policy.step_minutes // 15)
        tail = -(-bundle.policy.turnaround_minutes // 15)
        for first, last in day_slots(bundle, day):
            slot = first + self._gap(step)
            while slot < last:
                length = self._length(bundle, step)
                claims = [(space, unit, n) for space in bundle.spaces for n in range(slot, slot + length + tail)]
                if slot + length <= last and taken.isdisjoint(claims):
                    taken.update(claims)
                    yield self._stay(bundle, unit, slot, slot + length)
                    slot += length + -(-tail // step) * step
                slot += self._gap(step)

    def _gap(self, step: int) -> int:
        most = max(1, round((1 - self.busy) * 6 * SLOTS_AN_HOUR / step))
        return step * self.luck.randrange(1, most + 1)

    def _length(self, bundle: RoomRules, step: int) -> int:
        wanted = self.luck.choice(_DESK_LENGTHS if bundle.units > 1 else _LENGTHS)
        least, most = bundle.policy.min_minutes // 15, bundle.policy.max_minutes // 15
        return max(step, min(max(wanted, least), most) // step * step)

    def _stay(self, bundle: RoomRules, unit: int, first: int, last: int) -> Stay:
        starts_at, ends_at = slot_instant(first), slot_instant(last)
        member = None if self.luck.random() < 0.08 else self._member()
        fate = self._fate(bundle, starts_at, ends_at)
        ahead = timedelta(minutes=self.luck.choice((90, 300, 1500, 3000, 7000, 14000, 26000)))
        return Stay(
            bundle=bundle,
            unit=unit,
            starts_at=starts_at,
            ends_at=ends_at,
            created_at=self._created(fate, starts_at, ahead),
            fate=fate,
            member=member,
            guest_name="" if member else self.luck.choice(_GUESTS),
            attendees=self.luck.randint(1, bundle.seats),
        )

    def _member(self) -> Member:
        """Few members book much, many a little."""
        return self.members[int(len(self.members) * self.luck.random() ** 2)]

    def _created(self, fate: Fate, starts_at: datetime, ahead: timedelta) -> datetime:
        if fate is Fate.HELD:
            return self.at - timedelta(seconds=self.luck.randrange(20, 400))
        latest = self.at - timedelta(minutes=self.luck.randrange(30, 3000))
        return min(starts_at - ahead + timedelta(seconds=self.luck.randrange(3000)), latest)

    def _fate(self, bundle: RoomRules, starts_at: datetime, ends_at: datetime) -> Fate:
        chance = self.luck.random()
        if ends_at <= self.at:
            return _first(chance, ((0.85, Fate.COMPLETED), (0.89, Fate.NO_SHOW), (0.96, Fate.CANCELLED)), Fate.EXPIRED)
        if starts_at <= self.at:
            return Fate.CHECKED_IN
        soon = starts_at < self.at + timedelta(days=4)
        if bundle.policy.needs_approval:
            return Fate.PENDING if chance < 0.3 else Fate.CONFIRMED
        return _first(chance, ((0.05 if soon else 0.0, Fate.HELD), (0.12, Fate.CANCELLED)), Fate.CONFIRMED)


def _first(chance: float, steps: Sequence[tuple[float, Fate]], otherwise: Fate) -> Fate:
    return next((fate for limit, fate in steps if chance < limit), otherwise)
