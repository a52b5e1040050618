"""Small ready-made subjects for tests."""

import itertools
from typing import Any

from django.db.models import F

from core import clock
from members import services as member_services
from members.models import Member
from tests.client import Key, SignedClient
from venues.models import BookingPolicy, CancellationTier, OpeningHours, PriceRule, Room, Venue

_numbers = itertools.count(1)


def member(**fields: Any) -> Member:
    """A member, active unless told otherwise."""
    number = next(_numbers)
    fields = {"nickname": f"Member {number}", "openid": f"openid-{number}", "created_at": clock.now()} | fields
    fields.setdefault("phone_last4", (fields.get("phone") or "")[-4:])
    return Member.objects.create(**fields)


def client_of(who: Member) -> SignedClient:
    """A signed in-process client of a member, with a session of its own."""
    opened = member_services.open_session(member=who, at=clock.real_now())
    return SignedClient(Key.of({"key_id": opened.session.key_id, "secret": opened.secret, "member": {}}))


def venue(**fields: Any) -> Venue:
    """A venue that is open day and night (give ``hours=(540, 1320)`` for others)."""
    number = next(_numbers)
    opens, closes = fields.pop("hours", (0, 1440))
    made = Venue.objects.create(**({"name": f"Venue {number}", "slug": f"venue-{number}"} | fields))
    OpeningHours.objects.bulk_create(
        OpeningHours(venue=made, weekday=day, opens_minute=opens, closes_minute=closes) for day in range(7)
    )
    return made


def room(*, at: Venue | None = None, hour_fen: int = 12000, tiers: Any = ((24, 0), (2, 50)), **fields: Any) -> Room:
    """A room with a policy of its own; fields of the policy are taken out of ``fields``."""
    number = next(_numbers)
    at = at or venue()
    names = {field.name for field in BookingPolicy._meta.fields} - {"id", "venue", "name"}
    of_policy = {name: fields.pop(name) for name in list(fields) if name in names}
    policy = BookingPolicy.objects.create(venue=at, name=f"Policy {number}", **of_policy)
    CancellationTier.objects.bulk_create(
        CancellationTier(policy=policy, hours_before=hours, percent_kept=percent) for hours, percent in tiers
    )
    made = Room.objects.create(**({"venue": at, "policy": policy, "name": f"Room {number}", "seats": 8} | fields))
    if hour_fen:
        PriceRule.objects.create(venue=at, room=made, name="Base", hour_fen=hour_fen)
    Venue.objects.filter(pk=at.pk).update(rules_version=F("rules_version") + 1)
    return made
