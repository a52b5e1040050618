from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import translation

from core import navigation, tones
from staff.models import User


def rendered(source: str, **context: object) -> str:
    with translation.override("en"):
        return Template("{% load atrium %}" + source).render(Context(context))


def test_a_registered_state_is_shown_by_word_icon_and_tone() -> None:
    tones.register("test.thing", "late", "Late", "alarm", tones.WARN)
    html = rendered("{% state_badge 'test.thing' 'late' %}")
    assert "tone-warn" in html and "Late" in html and "alarm" in html


def test_an_unregistered_state_is_shown_neutral_by_its_own_word() -> None:
    assert "tone-neutral" in rendered("{% state_badge 'test.thing' 'odd' %}")
    assert "&lt;b&gt;" in rendered("{% state_badge 'test.thing' odd %}", odd="<b>")


def test_an_unknown_tone_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown tone"):
        tones.register("test.thing", "odd", "Odd", "x", "purple")


def test_an_instant_is_shown_in_the_zone_with_the_relative_time_beside_it() -> None:
    at = datetime(2026, 3, 8, 6, 30, tzinfo=UTC)
    html = rendered("{% when instant 'America/New_York' %}", instant=at + timedelta(minutes=45), now=at)
    assert 'datetime="2026-03-08T07:15:00Z"' in html
    assert "2026-03-08 03:15" in html and "in 45 min" in html and "America/New_York" in html


def test_durations_and_money_have_their_format() -> None:
    assert rendered("{{ 90|duration }}|{{ d|duration }}|{{ 0|duration }}", d=timedelta(days=1, minutes=5)) == (
        "1 h 30 min|1 d 5 min|0 min"
    )
    assert rendered("{{ 124000|money }}|{{ n|money }}|{{ 12345|thousands }}", n=-500) == "¥1,240.00|-¥5.00|12,345"


def test_two_pages_cannot_have_the_same_letter() -> None:
    navigation.register(navigation.SYSTEM, "One", "test_one", "x", "circle", key="ω")
    with pytest.raises(ValueError, match="already goes to"):
        navigation.register(navigation.SYSTEM, "Two", "test_two", "x", "circle", key="ω")
    navigation._entries.pop("test_one")


@pytest.mark.django_db
def test_the_shell_renders_for_staff_and_turns_strangers_to_the_log_in(client: Client) -> None:
    assert client.get("/").headers["Location"] == "/login/?next=/"
    assert client.get("/login/").status_code == 200
    client.force_login(User.objects.create_user("a", all_venues=True))
    for path in ("/", "/search/?q=x", "/account/"):
        page = client.get(path)
        assert page.status_code == 200 and b"<h1>" in page.content
    panel = client.get("/account/", headers={"HX-Request": "true", "HX-Target": "panel-body"})
    assert b"<html" not in panel.content and b"<h2>" in panel.content
