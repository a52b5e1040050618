"""Small ready-made subjects for tests."""

import itertools
from typing import Any

from core import clock
from members import services as member_services
from members.models import Member
from tests.client import Key, SignedClient

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
