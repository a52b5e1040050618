"""Errors that people and clients may see, named by the fact."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise


class DomainError(Exception):
    """The world disagrees with a request; nothing was changed.

    ``code`` is the stable machine word, ``message`` a sentence in the reader's language,
    ``status`` the HTTP status, ``field`` the dotted path of the input at fault
    (``lines.0.starts_at``), ``data`` further members of the problem document
    (JSON-able). ``late`` may work out more of them once the transaction was rolled back.
    Subclasses set the first three as class attributes.
    """

    code = "conflict"
    message: str | Promise = "Conflict"
    status = 409

    def __init__(
        self,
        message: str | Promise | None = None,
        *,
        code: str | None = None,
        status: int | None = None,
        field: str | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self.message = message if message is not None else type(self).message
        self.code = code or type(self).code
        self.status = status or type(self).status
        self.field = field
        self.data: dict[str, Any] = dict(data or {})
        self.late: Callable[[], Mapping[str, Any]] | None = None
        super().__init__(str(self.message))

    def __str__(self) -> str:
        return str(self.message)


class Invalid(DomainError):
    """An input is malformed or impossible in itself (400)."""

    code = "invalid"
    status = 400


class NotAllowed(DomainError):
    """Known, but not allowed (403)."""

    code = "not_allowed"
    status = 403


class NotFound(DomainError):
    """Not there, or not yours (404)."""

    code = "not_found"
    status = 404


class WrongState(DomainError):
    """The action is not possible in the subject's present state (409)."""

    code = "wrong_state"


class Unavailable(DomainError):
    """A part of the system is away; nothing was changed (503)."""

    code = "unavailable"
    status = 503
