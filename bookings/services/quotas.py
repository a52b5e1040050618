"""Quotas: how many minutes a member may have booked under a policy in a period."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from bookings.errors import QuotaReached
from bookings.models import Booking
from core.transactions import lock_one
from members.models import Member
from orders.registry import Buyer, Quoted
from venues.rules import RoomRules
from venues.rules.slots import local_date, wall_instant


def check_quota(lines: Sequence[Quoted], *, buyer: Buyer, lock: bool) -> None:
    """Raise QuotaReached where these lines would take a member over a policy's quota.

    With ``lock`` the member's row is locked, so that two orders at once are counted together.
    """
    mine = [line for line in lines if line.conflict is None and line.wish.bundle.policy.quota_minutes is not None]
    if not mine or buyer.member is None or buyer.staff is not None:
        return
    if lock:
        lock_one(Member.objects.only("pk"), buyer.member.pk)
    wanted: dict[Any, int] = defaultdict(int)
    for line in mine:
        bundle: RoomRules = line.wish.bundle
        first, last = period(bundle, line.wish.starts_at)
        wanted[(bundle.policy.id, first, last)] += _minutes(line.wish.starts_at, line.wish.ends_at)
        used = used_minutes(buyer.member, bundle.policy.id, first, last)
        quota = bundle.policy.quota_minutes or 0
        if used + wanted[(bundle.policy.id, first, last)] > quota:
            data = {"quota_minutes": quota, "used_minutes": used}
            raise QuotaReached(field=f"{line.field}.starts_at", data=data)


def period(bundle: RoomRules, instant: datetime) -> tuple[datetime, datetime]:
    """The local day, week (from Monday) or month of an instant, in UTC."""
    day = local_date(bundle.zone, instant)
    first, after = _days(bundle.policy.quota_period, day)
    return wall_instant(bundle.zone, first, 0), wall_instant(bundle.zone, after, 0)


def used_minutes(member: Member, policy_id: int, first: datetime, last: datetime) -> int:
    """Minutes of the member's live or used bookings under a policy that start in the period."""
    counted = (*Booking.CLAIMING, Booking.Status.COMPLETED, Booking.Status.NO_SHOW)
    rows = Booking.objects.filter(
        member=member, room__policy_id=policy_id, starts_at__gte=first, starts_at__lt=last, status__in=counted
    )
    return sum(_minutes(start, end) for start, end in rows.values_list("starts_at", "ends_at"))


def _days(kind: str, day: date) -> tuple[date, date]:
    if kind == "day":
        return day, day + timedelta(days=1)
    if kind == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=7)
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)


def _minutes(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds()) // 60
