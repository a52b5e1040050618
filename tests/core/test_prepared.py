"""A prepared query answers what Django's own would, on every call and with other values."""

import pytest

from core import prepared
from members.models import Member, MemberSession
from tests import factories

pytestmark = pytest.mark.django_db
BY_KEY = prepared.Prepared(
    lambda key: MemberSession.objects.select_related("member", "member__plan").filter(key_id=key), prepared.text(0)
)
BY_NUMBER = prepared.Prepared(
    lambda low, high: Member.objects.filter(pk__gte=low, pk__lt=high).order_by("pk").values_list("pk", "nickname"),
    prepared.whole(0),
    prepared.whole(1),
)


def test_models_come_with_what_was_joined(django_assert_num_queries: object) -> None:
    for _ in range(2):
        client = factories.client_of(factories.member())
        with django_assert_num_queries(1):  # type: ignore[operator]
            [found] = BY_KEY.objects(client.key.key_id)
            read = (found.member.nickname, found.member.plan, found.created_at, found.expires_at)
        wanted = MemberSession.objects.select_related("member", "member__plan").get(key_id=client.key.key_id)

        assert found == wanted and not found._state.adding
        assert read == (wanted.member.nickname, wanted.member.plan, wanted.created_at, wanted.expires_at)
    assert BY_KEY.objects("nobody") == []


def test_rows_follow_their_values() -> None:
    people = [factories.member() for _ in range(4)]

    assert BY_NUMBER.rows(people[1].pk, people[3].pk) == [(one.pk, one.nickname) for one in people[1:3]]
    assert BY_NUMBER.rows(people[0].pk, people[1].pk) == [(people[0].pk, people[0].nickname)]


def test_a_value_is_never_part_of_the_text() -> None:
    assert BY_KEY.objects("' OR 1=1 --") == []
