"""The scope of venues is kept one floor up; that floor registers itself here."""

from collections.abc import Collection
from typing import Any, Protocol

from core.errors import Unavailable


class Scope(Protocol):
    """What staff needs to know about places."""

    def choices(self, user: Any) -> list[tuple[int, str]]:
        """The venues in a user's own scope, by id and name."""

    def ids(self, user: Any) -> frozenset[int]:
        """The venue ids given to a user one by one (none for users of all venues)."""

    def replace(self, user: Any, venue_ids: Collection[int]) -> None:
        """Set the venues of a user; called inside a unit of work."""

    def colleagues(self, user: Any) -> Any:
        """A subquery of ids of the users who share a venue with ``user``."""


_scope: list[Scope] = []


def register_scope(scope: Scope) -> None:
    """Set the one keeper of scopes."""
    _scope[:] = [scope]


def scope() -> Scope:
    """The keeper of scopes. Raises Unavailable when no app registered one."""
    if not _scope:
        raise Unavailable()
    return _scope[0]
