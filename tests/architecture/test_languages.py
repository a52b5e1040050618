"""Both languages are complete: every text of the code and the templates has its Chinese."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
APPS = ("core", "timers", "wechat", "staff", "venues", "members", "orders", "bookings", "console")
KEYWORDS = {
    "gettext": None,
    "_": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
THEIRS = {"English", "简体中文"}


def texts_of(path: Path) -> Iterator[tuple[str, str]]:
    source = path.read_text()
    if path.suffix == ".html":
        source = "\n".join(line.strip() for line in templatize(source, origin=str(path)).splitlines())
    for _line, message, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
        single = message[0] if isinstance(message, tuple) else message
        if isinstance(single, str) and single and single not in THEIRS:
            yield context or "", single


def sources(app: str) -> list[Path]:
    folders = [ROOT / app, ROOT / "templates" / app]
    if app == "core":
        folders.append(ROOT / "templates" / "components")
    found = [path for folder in folders for path in [*folder.rglob("*.py"), *folder.rglob("*.html")]]
    return [path for path in sorted(found) if "migrations" not in path.parts]


def translated() -> set[tuple[str, str]]:
    """What any catalogue has: Django merges them, and apps share words such as ``name``."""
    done: set[tuple[str, str]] = set()
    for path in (ROOT / "locale").glob("*/zh_Hans/LC_MESSAGES/django.po"):
        for message in read_po(path.open("rb"), locale="zh_Hans"):
            parts = message.string if isinstance(message.string, tuple | list) else [message.string]
            if message.id and not message.fuzzy and all(parts):
                single = message.id[0] if isinstance(message.id, tuple | list) else message.id
                done.add((message.context or "", single))
    return done


@pytest.mark.parametrize("app", APPS)
def test_every_text_has_its_chinese(app: str) -> None:
    wanted = {text for path in sources(app) for text in texts_of(path)}
    missing = sorted(text for _context, text in wanted - translated())
    assert not missing, f"{app}: {len(missing)} without Chinese:\n" + "\n".join(missing)


@pytest.mark.parametrize("path", sorted((ROOT / "locale").glob("*/zh_Hans/LC_MESSAGES/django.po")), ids=str)
def test_placeholders_survive_translation(path: Path) -> None:
    catalogue = read_po(path.open("rb"), locale="zh_Hans")
    errors = [(message.id, [str(e) for e in found]) for message, found in catalogue.check()]
    assert not errors
