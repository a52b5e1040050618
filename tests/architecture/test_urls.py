"""Every route declares who may use it, and refuses everybody else without changing anything."""

import pytest
from django.apps import apps
from django.test import Client
from rest_framework.permissions import AllowAny, IsAuthenticated

from core import permissions
from core.entrances import ANY_STAFF, PUBLIC
from staff.models import User
from tests.architecture.urls import Route, routes

PUBLIC_API = frozenset(
    {
        "api/v1/health",
        "api/v1/sessions",
        "api/v1/schema/",
        "api/v1/docs/",
        "api/v1/^.*$",
        "api/v1/calendars/<str:token>.ics",
    }
)
"""What strangers may call; each has a reason in API.md: log-in, health, the document, secret feeds."""
PUBLIC_CONSOLE = frozenset({"login/", "media/rooms/<str:name>", "invitation/<str:token>/", "calendar/<str:token>.ics"})
ALL = routes()
CONSOLE = [route for route in ALL if route.kind == "console"]


def ids(route: Route) -> str:
    return route.pattern or "/"


def counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models() if _is_own(model)}


def _is_own(model: type) -> bool:
    return model.__module__.split(".")[0] in {"staff", "venues", "members", "orders", "bookings", "timers"}


@pytest.mark.parametrize("route", CONSOLE, ids=ids)
def test_every_console_view_declares_a_known_permission(route: Route) -> None:
    declared = getattr(route.view, "permission", None)
    known = {item.code for item in permissions.all_permissions()} | {PUBLIC, ANY_STAFF}
    assert declared in known, f"{route.pattern} declares {declared!r}"
    assert (declared == PUBLIC) == (route.pattern in PUBLIC_CONSOLE)


@pytest.mark.parametrize("route", [route for route in ALL if route.kind == "api"], ids=ids)
def test_every_api_view_needs_a_signed_session_or_is_on_the_short_list(route: Route) -> None:
    demanded = route.view.cls.permission_classes
    if route.pattern in PUBLIC_API:
        return
    assert IsAuthenticated in demanded and AllowAny not in demanded, f"{route.pattern}: {demanded}"


@pytest.mark.django_db
@pytest.mark.parametrize("route", CONSOLE, ids=ids)
@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_and_the_disabled_are_sent_to_the_log_in(client: Client, route: Route, method: str) -> None:
    if route.view.permission == PUBLIC:
        pytest.skip("open to strangers")
    before = counts()
    for browser in (client, _disabled()):
        answer = getattr(browser, method)(route.address)
        assert answer.status_code == 302 and answer.headers["Location"].startswith("/login/"), answer
    after = counts()
    assert {**after, "staff.User": 0} == {**before, "staff.User": 0}


def _disabled() -> Client:
    browser = Client()
    user = User.objects.create_user("gone", all_venues=True)
    browser.force_login(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    return browser


@pytest.mark.django_db
@pytest.mark.parametrize("route", CONSOLE, ids=ids)
@pytest.mark.parametrize("method", ["get", "post"])
def test_staff_without_the_permission_are_refused(client: Client, route: Route, method: str) -> None:
    if route.view.permission in (PUBLIC, ANY_STAFF):
        pytest.skip("needs no permission")
    client.force_login(User.objects.create_user("nobody", all_venues=True))
    client.get("/")
    before = counts()
    answer = getattr(client, method)(route.address)
    assert answer.status_code in (403, 405), f"{route.pattern}: {answer.status_code}"
    assert counts() == before


@pytest.mark.django_db
@pytest.mark.parametrize("route", [route for route in ALL if route.kind == "api"], ids=ids)
@pytest.mark.parametrize("method", ["get", "post", "patch", "delete"])
def test_unsigned_requests_are_refused_by_the_api(client: Client, route: Route, method: str) -> None:
    if route.pattern in PUBLIC_API:
        pytest.skip("open to strangers")
    before = counts()
    answer = client.generic(method.upper(), route.address, "{}", content_type="application/json")
    assert answer.status_code in (401, 404, 405), f"{route.pattern}: {answer.status_code}"
    assert counts() == before


@pytest.mark.django_db
@pytest.mark.parametrize("route", [route for route in ALL if route.kind == "records"], ids=ids)
def test_record_pages_refuse_staff_without_permissions(client: Client, route: Route) -> None:
    assert client.get(route.address).status_code in (302, 404)
    client.force_login(User.objects.create_user("nobody", all_venues=True))
    if route.pattern.count("/") < 3:
        return
    for method in ("get", "post"):
        answer = getattr(client, method)(route.address)
        assert answer.status_code in (302, 403, 404, 405), f"{route.pattern}: {answer.status_code}"
