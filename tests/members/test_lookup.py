"""The prepared query of a signed request finds what the ORM finds."""

from datetime import UTC, datetime
from typing import Any

import pytest

from members.lookup import session_by_key
from members.models import MemberSession, Plan
from tests import factories

AT = datetime(2026, 2, 28, 23, 59, 59, 123456, UTC)


def values_of(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.django_db
@pytest.mark.parametrize("with_plan", [False, True])
def test_session_member_and_plan_are_those_of_the_orm(with_plan: bool, django_assert_num_queries: Any) -> None:
    plan = Plan.objects.create(code="gold", name="金", active=True) if with_plan else None
    who = factories.member(nickname="小明", plan=plan, plan_ends_at=AT if with_plan else None, phone="13812345678")
    who.sessions.create(
        key_id="k", key_version="1", created_at=AT, expires_at=AT, revoked_at=AT, address="2001:db8::1", device="设备"
    )
    by_orm = MemberSession.objects.select_related("member__plan").get(key_id="k")
    with django_assert_num_queries(1):
        found = session_by_key("k")
        assert found is not None and found.member.plan == plan
    assert values_of(found) == values_of(by_orm) and values_of(found.member) == values_of(by_orm.member)
    assert found.member.plan is None or values_of(found.member.plan) == values_of(plan)
    assert found == by_orm and not found._state.adding


@pytest.mark.django_db
@pytest.mark.parametrize("key_id", ["", "x", "' OR 1=1 --", "%s", "键", "\0"])
def test_an_unknown_key_finds_nothing(key_id: str) -> None:
    factories.client_of(factories.member())
    assert session_by_key(key_id) is None
