"""Asks for the second factor, and keeps the list of browsers that are signed in."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers

from core import clock
from core.addresses import client_address
from staff import services

FACTOR_KEY = "second_factor"
ASK, PASSED, NONE = "ask", "passed", "none"
SEEN_KEY = "seen_at"
SEEN_EVERY_S = 300
GATES = ("/login/", "/account/second-factor/")
OPEN_VIEWS = frozenset({"second_factor", "enrol_factor", "logout", "login", "switch_language"})


class StaffAccessMiddleware:
    """Between log-in and the console: second factor where it is set up or demanded."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if request.path.startswith(("/api/", "/static/", "/media/")):
            return answer
        if "Cache-Control" not in answer.headers and getattr(request.user, "is_authenticated", False):
            add_never_cache_headers(answer)  # type: ignore[arg-type]
        return self._whole_page(request, answer)

    def _whole_page(self, request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
        """A log-in page never lands inside a panel: htmx is told to go there."""
        target = answer.headers.get("Location", "")
        if request.headers.get("HX-Request") != "true" or not target.startswith(GATES):
            return answer
        return HttpResponse(status=204, headers={"HX-Redirect": "/login/" if "?" in target else target})

    def process_view(self, request: HttpRequest, _view: object, _args: object, _kwargs: object) -> HttpResponse | None:
        """Send who has not passed to the step that is missing; nothing of the view runs before."""
        if request.path.startswith("/api/") or not request.user.is_authenticated:
            return None
        self._seen(request)
        match = request.resolver_match
        if match is not None and match.view_name in OPEN_VIEWS:
            return None
        missing = self._missing(request)
        return redirect(missing) if missing else None

    def _missing(self, request: HttpRequest) -> str | None:
        state = request.session.get(FACTOR_KEY)
        if state is None:
            state = ASK if services.has_factor(request.user) else NONE
            request.session[FACTOR_KEY] = state
        if state == ASK:
            return "second_factor"
        return "enrol_factor" if state == NONE and services.must_have_factor(request.user) else None

    def _seen(self, request: HttpRequest) -> None:
        at = clock.real_now()
        last = request.session.get(SEEN_KEY, 0)
        if at.timestamp() - last < SEEN_EVERY_S or request.session.session_key is None:
            return
        request.session[SEEN_KEY] = int(at.timestamp())
        services.note_session(
            user=request.user,
            session_key=request.session.session_key,
            address=client_address(request, settings.NUM_PROXIES),
            agent=request.headers.get("User-Agent", ""),
            at=datetime.fromtimestamp(int(at.timestamp()), UTC),
        )
