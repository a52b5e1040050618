"""The shell's own pages: home, search, switching of venue and language."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from console import overview, trail
from core import audit as trace
from core import clock, search
from core import ledger as books
from core.entrances import ANY_STAFF, console_view
from staff import services
from staff.views.doors import remember_language
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


def _back(request: HttpRequest) -> str:
    """The page that asked, without a ``venue`` of its own; never another site."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        return "/"
    path, _sep, query = target.partition("?")
    kept = "&".join(part for part in query.split("&") if part and not part.startswith(("venue=", "panel=")))
    return f"{path}?{kept}" if kept else path


@require_safe
@console_view("staff.audit")
def audit(request: HttpRequest) -> HttpResponse:
    """Every change by staff, newest first; filters by person, subject, action and day."""
    form = trail.TrailForm(request.GET or None, by=request.user)
    page = trail.page(form, cursor=request.GET.get("cursor", ""), by=request.user)
    return render(request, "console/audit.html", {"form": form, "page": page})


SHOWN_DRIFTS = 50


@require_safe
@console_view("ledger.view")
def ledger(request: HttpRequest) -> HttpResponse:
    """Whether the books agree, check by check."""
    checks = [(check, list(books.drifts(check, SHOWN_DRIFTS))) for check in books.all_checks()]
    wrong = sum(1 for _check, drifts in checks if drifts)
    return render(request, "console/ledger.html", {"checks": checks, "wrong": wrong, "shown": SHOWN_DRIFTS})


@require_POST
@console_view("ledger.fix")
def ledger_fix(request: HttpRequest, name: str) -> HttpResponse:
    """Repair what one check finds, through the services of its app."""
    known = {check.name: check for check in books.all_checks()}
    check = known.get(name)
    if check is None or check.fix is None:
        raise Http404
    fixed = books.repair(check, clock.now(), SHOWN_DRIFTS)
    trace.record(actor=request.user, action="ledger.fix", subject=request.user, reason=f"{name}: {fixed}")
    messages.success(request, ngettext("%d place was repaired.", "%d places were repaired.", fixed) % fixed)
    return redirect("ledger")
