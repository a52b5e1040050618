"""Photos are handed out to anybody, and nothing else of the media folder is."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from tests import factories
from venues import services

pytestmark = pytest.mark.django_db


def test_a_photo_is_served_without_a_log_in(settings: Any, tmp_path: Path, client: Client) -> None:
    settings.MEDIA_ROOT = tmp_path
    room, file = factories.room(), io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "PNG")
    file.seek(0)
    kept = services.add_photo(room=room, upload=file)
    shown = factories.client_of(factories.member()).get(f"/rooms/{room.pk}").json()["photos"][0]
    assert shown.endswith(kept.image.url)
    answer = client.get(kept.image.url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert "immutable" in answer["Cache-Control"] and answer["X-Content-Type-Options"] == "nosniff"
    with Image.open(io.BytesIO(b"".join(answer.streaming_content))) as picture:  # type: ignore[attr-defined]
        assert picture.size == (40, 30)


@pytest.mark.parametrize("name", ["secret.jpg", "..%2Fsecret.jpg", f"{'0' * 32}.jpg", f"{'0' * 32}.jpg%0A"])
def test_nothing_else_is_reachable(name: str, settings: Any, tmp_path: Path, client: Client) -> None:
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "rooms").mkdir()
    for path in (tmp_path / "secret.jpg", tmp_path / "rooms" / "secret.jpg"):
        path.write_bytes(b"secret")
    answer = client.get(f"/media/rooms/{name}")
    assert answer.status_code in (302, 404)
    assert b"secret" not in answer.content
