"""The console's navigation: apps register entries, the shell shows what the role may open."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TODAY, PEOPLE, MONEY, PLACES, SYSTEM = "today", "people", "money", "places", "system"
SECTIONS: dict[str, Promise] = {
    TODAY: _("Today"),
    PEOPLE: _("People"),
    MONEY: _("Money"),
    PLACES: _("Places"),
    SYSTEM: _("System"),
}


@dataclass(frozen=True)
class Entry:
    """One line of the navigation; ``key`` is the letter that goes there after ``g``."""

    section: str
    label: str | Promise
    url_name: str
    permission: str
    icon: str
    order: int
    key: str

    @property
    def url(self) -> str:
        """Where it leads."""
        return reverse(self.url_name)


_entries: dict[str, Entry] = {}


def register(
    section: str,
    label: str | Promise,
    url_name: str,
    permission: str,
    icon: str,
    order: int = 50,
    key: str = "",
) -> None:
    """Announce a page of the console.

    Raises ValueError for an unknown section or a letter that another page has.
    """
    if section not in SECTIONS:
        raise ValueError(f"{url_name}: unknown section {section}")
    taken = [item.url_name for item in _entries.values() if key and item.key == key and item.url_name != url_name]
    if taken:
        raise ValueError(f"{url_name}: g {key} already goes to {taken[0]}")
    _entries[url_name] = Entry(section, label, url_name, permission, icon, order, key)


def all_entries() -> list[Entry]:
    """Every entry, in the order of sections, then by ``order``."""
    places = list(SECTIONS)
    return sorted(_entries.values(), key=lambda item: (places.index(item.section), item.order, item.url_name))


def sections_for(actor: Any) -> list[tuple[str | Promise, list[Entry]]]:
    """What this member of staff may open, by section; empty sections are left out."""
    allowed = [item for item in all_entries() if actor.has_perm(item.permission) and _has_address(item)]
    grouped = [(label, [item for item in allowed if item.section == slug]) for slug, label in SECTIONS.items()]
    return [(label, items) for label, items in grouped if items]


def _has_address(entry: Entry) -> bool:
    try:
        return bool(entry.url)
    except NoReverseMatch:
        return False
