"""What every console view declares: the permission it needs.

The console denies by default: the log-in middleware turns strangers away, and a view
that carries no ``permission`` fails the walk over the URLconf in tests/architecture.
"""

import functools
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]

PUBLIC = "public"
"""Declared by the few views that are open to strangers (log-in, health)."""
ANY_STAFF = "any_staff"
"""Declared by views that every signed-in member of staff may use (own profile)."""


def console_view(permission: str) -> Callable[[View], View]:
    """Let staff with ``permission`` in; others get 403, strangers the log-in page."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if permission not in (PUBLIC, ANY_STAFF) and not request.user.has_perm(permission):
                raise PermissionDenied(permission)
            return view(request, *args, **kwargs)

        wrapper.permission = permission  # type: ignore[attr-defined]
        if permission == PUBLIC:
            wrapper.login_required = False  # type: ignore[attr-defined]
        return wrapper

    return decorate
