"""Log-in: throttling, second factor, sessions, languages."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client, override_settings
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from core import permissions
from staff import services
from staff.models import Role, StaffSession, User

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-one"


@pytest.fixture
def owner() -> User:
    user = User.objects.create_user("olga", PASSWORD, name="Olga", all_venues=True)
    user.roles.set(Role.objects.filter(slug=permissions.OWNER))
    return user


def log_in(client: Client, password: str = PASSWORD, username: str = "olga") -> int:
    return client.post("/login/", {"username": username, "password": password}).status_code


def enrolled(user: User) -> tuple[TOTPDevice, list[str]]:
    device = services.pending_device(user=user)
    codes = services.confirm_factor(user=user, token=code_of(device), keep_key="")
    assert codes is not None
    TOTPDevice.objects.filter(pk=device.pk).update(last_t=-1)
    return device, codes


def code_of(device: TOTPDevice) -> str:
    return f"{totp(device.bin_key):06d}"


def test_a_right_password_opens_and_a_wrong_one_does_not(client: Client, owner: User) -> None:
    assert log_in(client, "wrong") == 200
    assert client.get("/").status_code == 302
    assert log_in(client) == 302
    assert client.get("/").status_code == 200


def test_too_many_wrong_passwords_are_answered_429_even_with_the_right_one(client: Client, owner: User) -> None:
    answers = [log_in(client, "wrong") for _ in range(8)]
    assert answers[:7] == [200] * 7 and answers[7] == 429
    assert log_in(client) == 429
    assert StaffSession.objects.count() == 0


def test_a_disabled_user_loses_access_with_the_next_request(client: Client, owner: User) -> None:
    log_in(client)
    assert client.get("/").status_code == 200
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert client.get("/").headers["Location"].startswith("/login/")
    assert log_in(client) == 200


@override_settings(SECOND_FACTOR_REQUIRED=True)
def test_an_owner_must_enrol_before_anything_opens(client: Client, owner: User) -> None:
    log_in(client)
    assert client.get("/").headers["Location"] == "/account/second-factor/"
    assert client.get("/staff/").headers["Location"] == "/account/second-factor/"
    assert client.post("/account/second-factor/", {"token": "000000"}).status_code == 422
    device = TOTPDevice.objects.get(user=owner)
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    page = client.post("/account/second-factor/", {"token": code_of(device)})
    assert page.status_code == 200 and page.content.count(b"<li>") == 10
    assert client.get("/").status_code == 200


@override_settings(SECOND_FACTOR_REQUIRED=True)
def test_the_front_desk_needs_no_second_factor(client: Client, owner: User) -> None:
    owner.roles.set(Role.objects.filter(slug=permissions.DESK))
    log_in(client)
    assert client.get("/").status_code == 200


def test_who_has_a_second_factor_is_asked_and_a_code_opens_once(client: Client, owner: User) -> None:
    device, _codes = enrolled(owner)
    log_in(client)
    assert client.get("/").headers["Location"] == "/login/second-factor/"
    code = code_of(device)
    assert client.post("/login/second-factor/", {"token": code}).status_code == 302
    assert client.get("/").status_code == 200
    other = Client()
    log_in(other)
    assert other.post("/login/second-factor/", {"token": code}).status_code == 422
    assert other.get("/").status_code == 302


def test_a_backup_code_opens_once(client: Client, owner: User) -> None:
    _device, codes = enrolled(owner)
    log_in(client)
    assert client.post("/login/second-factor/", {"token": codes[0].upper()}).status_code == 302
    other = Client()
    log_in(other)
    assert other.post("/login/second-factor/", {"token": codes[0]}).status_code == 422


def test_wrong_codes_lock_the_device_for_a_while(client: Client, owner: User) -> None:
    device, _codes = enrolled(owner)
    log_in(client)
    for _ in range(3):
        client.post("/login/second-factor/", {"token": "000000"})
    assert client.post("/login/second-factor/", {"token": code_of(device)}).status_code == 422


def test_log_out_elsewhere_ends_the_other_browsers(client: Client, owner: User) -> None:
    other = Client()
    for browser in (client, other):
        log_in(browser)
        browser.get("/")
    assert StaffSession.objects.filter(user=owner).count() == 2
    client.post("/account/sessions/end/")
    assert other.get("/").status_code == 302
    assert client.get("/").status_code == 200


def test_a_new_password_ends_the_other_browsers_and_asks_for_the_old_one(client: Client, owner: User) -> None:
    other = Client()
    for browser in (client, other):
        log_in(browser)
        browser.get("/")
    fresh = "another-long-one-77"
    assert client.post("/account/password/", {"current": "no", "password": fresh}).status_code == 422
    assert client.post("/account/password/", {"current": PASSWORD, "password": "short"}).status_code == 422
    assert client.post("/account/password/", {"current": PASSWORD, "password": fresh}).status_code == 302
    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 302


def test_the_language_is_kept_on_the_user(client: Client, owner: User) -> None:
    log_in(client)
    client.post("/language/", {"language": "en", "next": "https://evil.example/"})
    assert User.objects.get(pk=owner.pk).language == "en"
    assert 'lang="en"' in client.get("/").content.decode()
    fresh = Client()
    log_in(fresh)
    assert 'lang="en"' in fresh.get("/").content.decode()


def test_the_way_back_never_leads_to_another_site(client: Client, owner: User) -> None:
    log_in(client)
    assert client.post("/language/", {"language": "en", "next": "//evil.example"}).headers["Location"] == "/"


def test_a_panel_whose_session_ended_sends_the_whole_page_to_the_log_in(client: Client) -> None:
    answer = client.get("/staff/1/", headers={"HX-Request": "true", "HX-Target": "panel-body"})
    assert answer.status_code == 204 and answer.headers["HX-Redirect"] == "/login/"


def test_pages_with_people_on_them_are_not_kept_by_the_browser(client: Client, owner: User) -> None:
    log_in(client)
    assert "no-store" in client.get("/staff/").headers["Cache-Control"]


def test_the_frame_costs_a_fixed_handful_of_queries(
    client: Client, owner: User, django_assert_max_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    log_in(client)
    client.get("/")
    for number in range(5):
        User.objects.create_user(f"u{number}", all_venues=True)
    with django_assert_max_num_queries(8):
        client.get("/staff/roles/new/")
    with django_assert_max_num_queries(9):
        client.get("/staff/")
