"""The shell's own pages: home, search, switching of venue and language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from console import overview
from core import clock, search
from core.entrances import ANY_STAFF, console_view
from staff import services
from venues.middleware import SESSION_KEY


@require_safe
@console_view(ANY_STAFF)
def home(request: HttpRequest) -> HttpResponse:
    """What needs a hand now, as far as the reader's role goes."""
    cards = overview.cards_for(request.user, venue=request.venue, at=clock.now())  # type: ignore[attr-defined]
    return render(request, "console/home.html", {"cards": cards})


@require_safe
@console_view(ANY_STAFF)
def find(request: HttpRequest) -> HttpResponse:
    """Global search over what the reader may see; a single hit opens at once."""
    query = request.GET.get("q", "")[:60].replace("\x00", "")
    results = search.find(query, request.user)
    if len(results) == 1 and not request.htmx:  # type: ignore[attr-defined]
        return redirect(results[0].url)
    return render(request, "console/search.html", {"query": query, "results": results})


@require_POST
@console_view(ANY_STAFF)
def switch_venue(request: HttpRequest) -> HttpResponse:
    """Keep the chosen venue in the session; blank means all in scope."""
    wanted = request.POST.get("venue", "")
    known = any(str(venue.pk) == wanted for venue in request.venues)  # type: ignore[attr-defined]
    request.session[SESSION_KEY] = wanted if known else ""
    return redirect(_back(request))


@require_POST
@console_view(ANY_STAFF)
def switch_language(request: HttpRequest) -> HttpResponse:
    """Keep the language on the user and in this browser."""
    language = request.POST.get("language", "")
    answer = redirect(_back(request))
    if language in dict(settings.LANGUAGES):
        services.choose_language(user=request.user, language=language)
        remember_language(answer, language)
    return answer


def remember_language(answer: HttpResponse, language: str) -> None:
    """Put the language into the cookie that Django's LocaleMiddleware reads."""
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 86400,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _back(request: HttpRequest) -> str:
    """The page that asked, without a ``venue`` of its own; never another site."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        return "/"
    path, _sep, query = target.partition("?")
    kept = "&".join(part for part in query.split("&") if part and not part.startswith(("venue=", "panel=")))
    return f"{path}?{kept}" if kept else path
