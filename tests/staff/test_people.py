"""Invitations, roles, scope: nobody grants above their own."""

import re
from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.test import Client

from core import clock, permissions
from core.errors import DomainError
from staff import errors, services
from staff.models import Invitation, Role, StaffSession, User
from venues.models import StaffScope, Venue

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-one"


def role(slug: str) -> Role:
    return Role.objects.get(slug=slug)


@pytest.fixture
def venues() -> list[Venue]:
    return [Venue.objects.create(name=name, slug=name) for name in ("one", "two")]


@pytest.fixture
def owner() -> User:
    return person("olga", permissions.OWNER)


def person(username: str, slug: str, venue: Venue | None = None) -> User:
    user = User.objects.create_user(username, PASSWORD, all_venues=venue is None)
    user.roles.set([role(slug)])
    if venue is not None:
        StaffScope.objects.create(user=user, venue=venue)
    return user


def link_of(client: Client, venue: Venue, slug: str = permissions.DESK, **more: object) -> str:
    data = {"name": "Ann", "roles": [role(slug).pk], "venues": [venue.pk], **more}
    page = client.post("/staff/invite/", data).content.decode()
    found = re.search(r'value="http://testserver(/invitation/[^"]+)"', page)
    assert found, page
    return found[1].replace("&amp;", "&")


def test_an_invited_person_chooses_a_name_and_password_once(client: Client, owner: User, venues: list[Venue]) -> None:
    client.force_login(owner)
    link = link_of(client, venues[0])
    guest, answer = Client(), {"name": "Ann Lee", "username": "ann", "password": PASSWORD}
    assert guest.get(link).status_code == 200
    assert guest.post(link, {**answer, "username": "olga"}).status_code == 422
    assert guest.post(link, {**answer, "password": "123"}).status_code == 422
    assert User.objects.count() == 1
    assert guest.post(link, answer).status_code == 302
    made = User.objects.get(username="ann")
    assert [item.slug for item in made.role_list] == ["desk"] and not made.all_venues
    assert list(made.scopes.values_list("venue_id", flat=True)) == [venues[0].pk]
    assert guest.post(link, {**answer, "username": "eve"}).status_code == 404
    assert User.objects.count() == 2


def test_a_link_is_refused_when_forged_expired_revoked_or_its_maker_is_gone(
    client: Client, owner: User, venues: list[Venue]
) -> None:
    client.force_login(owner)
    link = link_of(client, venues[0])
    assert Client().get(link[:-2] + "x/").status_code == 404
    Invitation.objects.update(expires_at=clock.real_now() - timedelta(seconds=1))
    assert Client().get(link).status_code == 404
    Invitation.objects.update(expires_at=clock.real_now() + timedelta(days=1))
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert Client().get(link).status_code == 404
    User.objects.filter(pk=owner.pk).update(is_active=True)
    client.force_login(owner)
    client.post(f"/staff/invitations/{Invitation.objects.get().pk}/revoke/")
    assert Client().get(link).status_code == 404


def test_an_invitation_that_grants_more_than_its_maker_now_holds_opens_nothing(venues: list[Venue]) -> None:
    manager = person("mia", permissions.MANAGER, venues[0])
    _made, token = services.invite(
        name="Ann",
        email="",
        roles=[role(permissions.MANAGER)],
        all_venues=False,
        venue_ids=[venues[0].pk],
        by=manager,
        at=clock.real_now(),
    )
    manager.roles.set([role(permissions.DESK)])
    with pytest.raises(errors.InvitationUnusable):
        services.accept(token=token, username="ann", name="Ann", password=PASSWORD, language="", at=clock.real_now())


@pytest.mark.parametrize("what", ["role", "venue", "all"])
def test_nobody_invites_above_their_own(what: str, client: Client, venues: list[Venue]) -> None:
    client.force_login(person("mia", permissions.MANAGER, venues[0]))
    data = {"name": "Ann", "roles": [role(permissions.DESK).pk], "venues": [venues[0].pk]}
    changed = {
        "role": {"roles": [role(permissions.OWNER).pk]},
        "venue": {"venues": [venues[1].pk]},
        "all": {"all_venues": "on", "venues": []},
    }[what]
    assert client.post("/staff/invite/", {**data, **changed}).status_code == 422
    assert Invitation.objects.count() == 0


def test_the_service_itself_refuses_what_the_form_does_not_offer(venues: list[Venue]) -> None:
    manager, target = person("mia", permissions.MANAGER, venues[0]), person("ann", permissions.DESK, venues[0])
    grants = [
        ([role(permissions.OWNER)], False, [venues[0].pk]),
        ([role(permissions.DESK)], True, []),
        ([role(permissions.DESK)], False, [venues[1].pk]),
    ]
    for roles, all_venues, venue_ids in grants:
        with pytest.raises(errors.AboveOwnRights):
            services.change_access(user=target, roles=roles, all_venues=all_venues, venue_ids=venue_ids, by=manager)
    assert [item.slug for item in User.objects.get(pk=target.pk).role_list] == ["desk"]


def test_a_manager_cannot_touch_an_owner_or_themselves(owner: User, venues: list[Venue]) -> None:
    manager = person("mia", permissions.MANAGER)
    for act in (services.disable, services.enable, services.log_out_colleague):
        with pytest.raises(errors.AboveOwnRights):
            act(user=owner, by=manager)
        with pytest.raises(errors.OwnAccount):
            act(user=manager, by=manager)
    assert User.objects.get(pk=owner.pk).is_active


def test_the_last_owner_stays(owner: User) -> None:
    root = User.objects.create_superuser("root", PASSWORD)
    with pytest.raises(errors.LastOwner):
        services.disable(user=owner, by=root)
    with pytest.raises(errors.LastOwner):
        services.change_access(user=owner, roles=[role(permissions.DESK)], all_venues=True, venue_ids=[], by=root)
    second = person("otto", permissions.OWNER)
    services.disable(user=owner, by=second)
    assert not User.objects.get(pk=owner.pk).is_active


def test_disabling_ends_the_session_at_once_and_is_recorded(client: Client, owner: User) -> None:
    desk, browser = person("ann", permissions.DESK), Client()
    browser.force_login(desk)
    assert browser.get("/").status_code == 200 and StaffSession.objects.filter(user=desk).count() == 1
    client.force_login(owner)
    client.post(f"/staff/{desk.pk}/disable/")
    assert browser.get("/").status_code == 302
    assert StaffSession.objects.filter(user=desk).count() == 0
    entry = LogEntry.objects.get_for_object(desk).filter(action=LogEntry.Action.UPDATE).latest("id")
    assert entry.actor == owner and entry.changes_dict["is_active"] == ["True", "False"]


def test_a_change_of_roles_counts_with_the_next_request(client: Client, owner: User) -> None:
    desk, browser = person("ann", permissions.DESK), Client()
    browser.force_login(desk)
    assert browser.get("/audit/").status_code == 403
    client.force_login(owner)
    data = {"roles": [role(permissions.AUDITOR).pk], "all_venues": "on"}
    assert client.post(f"/staff/{desk.pk}/access/", data).status_code == 302
    assert browser.get("/audit/").status_code == 200


def test_staff_of_another_venue_are_not_there(client: Client, venues: list[Venue]) -> None:
    client.force_login(person("mia", permissions.MANAGER, venues[0]))
    other = person("bob", permissions.DESK, venues[1])
    near = person("ann", permissions.DESK, venues[0])
    page = client.get("/staff/").content.decode()
    assert near.username in page and other.username not in page
    for path in (f"/staff/{other.pk}/", f"/staff/{other.pk}/access/"):
        assert client.get(path).status_code == 404
    assert client.post(f"/staff/{other.pk}/disable/").status_code == 404
    assert User.objects.get(pk=other.pk).is_active


def test_a_custom_role_holds_only_what_its_maker_holds(client: Client, venues: list[Venue]) -> None:
    manager = person("mia", permissions.MANAGER, venues[0])
    with pytest.raises(DomainError):
        services.save_role(role=None, name="Evil", codes=["ledger.fix"], by=manager)
    made = services.save_role(role=None, name="夜班", codes=["staff.view", "no.such"], by=manager)
    assert made.permissions == ["staff.view"] and not made.builtin
    with pytest.raises(DomainError):
        services.save_role(role=role(permissions.DESK), name="Desk", codes=["staff.view"], by=manager)
    held = person("ann", permissions.DESK, venues[0])
    held.roles.add(made)
    with pytest.raises(errors.RoleInUse):
        services.delete_role(role=made, by=manager)


def test_built_in_roles_follow_the_code() -> None:
    Role.objects.filter(slug=permissions.DESK).update(permissions=["ledger.fix"])
    services.ensure_roles()
    assert role(permissions.DESK).permissions == permissions.default_codes(permissions.DESK)
    assert set(role(permissions.OWNER).permissions) == {item.code for item in permissions.all_permissions()}
    assert Role.objects.filter(builtin=True).count() == 8


def test_the_venue_switch_offers_and_takes_only_what_is_in_scope(client: Client, venues: list[Venue]) -> None:
    third = Venue.objects.create(name="three", slug="three")
    user = person("ann", permissions.DESK, venues[0])
    StaffScope.objects.create(user=user, venue=venues[1])
    client.force_login(user)
    client.post("/venue/", {"venue": third.pk})
    assert client.get("/").context["venue"] is None
    client.post("/venue/", {"venue": venues[1].pk})
    assert client.get("/").context["venue"] == venues[1]
    assert client.get(f"/?venue={venues[0].pk}").context["venue"] == venues[0]
    assert client.get(f"/?venue={third.pk}").context["venue"] is None
