"""The demonstration's staff, plans and members."""

from datetime import datetime, timedelta
from itertools import islice
from random import Random

from console.demo import names
from core import permissions
from members.models import Member, Plan
from staff.models import Role, User
from staff.services import ensure_roles
from venues.models import StaffScope, Venue

PASSWORD = "atrium-demo"
"""Shown on the log-in page of the demonstration; `manage.py demo` refuses to run elsewhere."""
MEMBERS = 300
CHINESE_MEMBERS = 200

_STAFF = (
    ("owner", "沈知行", permissions.OWNER, ()),
    ("manager", "陆婉宁", permissions.MANAGER, ("shanghai", "new-york")),
    ("desk", "顾小满", permissions.DESK, ("shanghai",)),
    ("marketing", "Dana Whitfield", permissions.MARKETING, ("shanghai", "new-york")),
    ("kitchen", "魏师傅", permissions.KITCHEN, ("shanghai",)),
    ("tech", "Luis Ferrer", permissions.TECHNICIAN, ("shanghai", "new-york")),
    ("finance", "方敏", permissions.FINANCE, ()),
    ("auditor", "Ruth Goldman", permissions.AUDITOR, ()),
)
"""User name, name, role, venues; none means all of them."""

_PLANS = (("flow", "灵动会员 Flow"), ("resident", "驻场会员 Resident"))


def make_staff() -> int:
    """Create the staff that are not there yet; answers how many were made."""
    ensure_roles()
    known = set(User.objects.values_list("username", flat=True))
    missing = [item for item in _STAFF if item[0] not in known]
    for username, name, role, slugs in missing:
        user = User.objects.create_user(username, PASSWORD, name=name, all_venues=not slugs)
        user.roles.add(Role.objects.get(slug=role))
        places = Venue.objects.filter(slug__in=slugs)
        StaffScope.objects.bulk_create(StaffScope(user=user, venue=venue) for venue in places)
    return len(missing)


def make_members(*, luck: Random, at: datetime) -> int:
    """Create the plans and members that are not there yet; answers how many members were made."""
    plans = [Plan.objects.get_or_create(code=code, defaults={"name": name})[0] for code, name in _PLANS]
    rows = [*_chinese(luck), *_english(luck)]
    for number, row in enumerate(rows):
        row.created_at = at - timedelta(days=luck.randrange(140, 900), minutes=luck.randrange(1440))
        if number % 4 == 0:
            row.plan = plans[number % 8 // 4]
            row.plan_ends_at = at + timedelta(days=luck.randrange(20, 330))
            row.level = "gold" if row.plan.code == "resident" else "silver"
    known = set(Member.objects.filter(openid__startswith="demo-").values_list("openid", flat=True))
    taken = set(Member.objects.exclude(phone=None).values_list("phone", flat=True))
    fresh = [row for row in rows if row.openid not in known and row.phone not in taken]
    Member.objects.bulk_create(fresh)
    return len(fresh)


def _chinese(luck: Random) -> list[Member]:
    found = islice(names.chinese(luck), CHINESE_MEMBERS)
    return [_member(number, name, names.chinese_phone(number + 1), "zh-hans") for number, name in enumerate(found)]


def _english(luck: Random) -> list[Member]:
    found = islice(names.english(luck), MEMBERS - CHINESE_MEMBERS)
    return [
        _member(CHINESE_MEMBERS + number, name, names.english_phone(number), "en") for number, name in enumerate(found)
    ]


def _member(number: int, name: str, phone: str, language: str) -> Member:
    return Member(openid=f"demo-{number:04d}", nickname=name, phone=phone, phone_last4=phone[-4:], language=language)
