"""Staff under fire: one invitation makes one person, and one owner always stays."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from core import clock, permissions
from core.errors import DomainError
from staff import services
from staff.models import Role, User

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a-long-enough-one"


def at_once(works: list[Callable[[], object]]) -> list[str]:
    """Run all at the same moment, each in a thread of its own; ``ok`` or the refusal's code."""
    gate = Barrier(len(works))

    def run(work: Callable[[], object]) -> str:
        gate.wait()
        try:
            work()
        except DomainError as error:
            return error.code
        finally:
            connections.close_all()
        return "ok"

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(run, works))


def owner(username: str) -> User:
    user = User.objects.create_user(username, PASSWORD, all_venues=True)
    user.roles.set(Role.objects.filter(slug=permissions.OWNER))
    return user


def test_an_invitation_accepted_eight_times_at_once_makes_one_person() -> None:
    by = owner("olga")
    _made, token = services.invite(
        name="Ann",
        email="",
        roles=list(Role.objects.filter(slug=permissions.DESK)),
        all_venues=True,
        venue_ids=[],
        by=by,
        at=clock.real_now(),
    )

    def accept(number: int) -> Callable[[], object]:
        return lambda: services.accept(
            token=token, username=f"ann{number}", name="Ann", password=PASSWORD, language="", at=clock.real_now()
        )

    answers = at_once([accept(number) for number in range(8)])
    assert answers == ["invitation_unusable"] * 7 + ["ok"]
    assert User.objects.count() == 2


def test_two_owners_who_disable_each_other_leave_one() -> None:
    for round_ in range(5):
        User.objects.all().delete()
        one, two = owner(f"one{round_}"), owner(f"two{round_}")
        answers = at_once(
            [lambda a=one, b=two: services.disable(user=a, by=b), lambda a=one, b=two: services.disable(user=b, by=a)]
        )
        assert answers == ["last_owner", "ok"]
        assert User.objects.filter(is_active=True).count() == 1
