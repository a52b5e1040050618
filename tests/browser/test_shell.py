"""The shell in a real browser: second factor, languages, keyboard, panel; phone and desk, axe-clean."""

import base64
import os
import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_otp.oath import totp
from playwright.sync_api import Page, expect

from core import permissions
from staff.models import Role, User

pytestmark = [pytest.mark.django_db(transaction=True)]
PASSWORD = "a-long-enough-one"
WIDTHS = (390, 1440)


@pytest.fixture(autouse=True)
def _sync_django(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def violations(page: Page) -> Iterator[list[str]]:
    """What the policy refused or a script threw, over the whole test: nothing."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", lambda line: found.append(line.text) if "Content Security Policy" in line.text else None)
    yield found
    assert [text for text in found if "script" in text or "Error" in text] == []


@pytest.fixture
def owner() -> User:
    user = User.objects.create_user("olga", PASSWORD, name="Olga", all_venues=True, language="en")
    user.roles.set(Role.objects.filter(slug=permissions.OWNER))
    for name in ("ann", "bob"):
        User.objects.create_user(name, PASSWORD, name=name.title(), all_venues=True)
    return user


def log_in(page: Page, address: str) -> None:
    page.goto(address + "/login/")
    page.fill("[name=username]", "olga")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/?" not in url and not url.endswith("/login/"))


def accessible(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [item["id"] for item in found if item["impact"] in ("serious", "critical")] == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} is too wide"


def code_for(key: str) -> str:
    return f"{totp(base64.b32decode(key.replace(' ', ''))):06d}"


def test_a_second_factor_is_set_up_and_a_backup_code_opens(
    page: Page, live_server: object, owner: User, violations: list[str]
) -> None:
    address = live_server.url  # type: ignore[attr-defined]
    log_in(page, address)
    page.goto(address + "/account/second-factor/")
    accessible(page)
    expect(page.locator(".qr svg")).to_be_visible()
    page.fill("[name=token]", code_for(page.locator("code").inner_text()))
    page.get_by_role("button", name="Confirm the code").click()
    codes = page.locator(".codes li")
    expect(codes).to_have_count(10)
    backup = codes.first.inner_text()
    page.context.clear_cookies()
    log_in(page, address)
    assert "/login/second-factor/" in page.url
    accessible(page)
    page.fill("[name=token]", "nonsense22")
    page.keyboard.press("Enter")
    expect(page.locator(".field-error")).to_be_visible()
    page.wait_for_timeout(1300)  # the device rests for a second after a wrong code
    page.fill("[name=token]", backup)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_language_switch_changes_every_word_and_stays(
    page: Page, live_server: object, owner: User, violations: list[str], width: int
) -> None:
    address = live_server.url  # type: ignore[attr-defined]
    page.set_viewport_size({"width": width, "height": 900})
    log_in(page, address)
    page.goto(address + "/staff/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Staff")
    page.locator("details.menu summary").click()
    page.locator("button[value=zh-hans]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("员工")
    assert page.locator("html").get_attribute("lang") == "zh-hans"
    page.context.clear_cookies()
    log_in(page, address)
    expect(page.get_by_role("heading", level=1)).to_have_text("首页")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_the_shell_is_accessible(
    page: Page, live_server: object, owner: User, violations: list[str], width: int, scheme: str
) -> None:
    address = live_server.url  # type: ignore[attr-defined]
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    log_in(page, address)
    ann = User.objects.get(username="ann").pk
    pages = [
        "/",
        "/search/?q=zz",
        "/staff/",
        f"/staff/{ann}/",
        f"/staff/{ann}/access/",
        "/staff/invite/",
        "/staff/roles/",
    ]
    pages += ["/staff/roles/new/", "/account/", "/account/password/", "/audit/", "/ledger/", "/nope/", "/records/"]
    for path in [*pages, "/records/auditlog/logentry/"]:
        page.goto(address + path)
        accessible(page)


def test_keys_open_rows_in_the_panel_with_an_address_and_give_the_focus_back(
    page: Page, live_server: object, owner: User, violations: list[str]
) -> None:
    address = live_server.url  # type: ignore[attr-defined]
    page.set_viewport_size({"width": 1440, "height": 900})
    log_in(page, address)
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/staff/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", level=2).first).to_have_text("Ann")
    assert "panel=%2Fstaff%2F" in page.url
    accessible(page)
    sent = page.url
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert page.evaluate("document.activeElement.textContent.trim()") == "Ann"
    page.goto(sent)
    expect(panel.get_by_role("heading", level=2).first).to_have_text("Ann")
    page.go_back()
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"


def test_light_and_dark_are_kept_over_pages(
    page: Page, live_server: object, owner: User, violations: list[str]
) -> None:
    address = live_server.url  # type: ignore[attr-defined]
    page.emulate_media(color_scheme="light")
    log_in(page, address)
    page.locator("[data-theme-switch]").click()
    page.goto(address + "/staff/")
    assert "dark" in (page.locator("html").get_attribute("class") or "")
    page.goto(address + "/records/")
    expect(page.locator("html")).to_have_class(re.compile("dark"))
