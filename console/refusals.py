"""Pages that say no: what happened, why, and what to do. No data of the request is repeated."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

API = "/api/"


def _page(request: HttpRequest, status: int, title: str, text: str, code: str) -> HttpResponse:
    if request.path.startswith(API):
        body = {"type": f"urn:problem:atrium:{code}", "title": title, "status": status, "detail": text, "code": code}
        return JsonResponse(body, status=status, content_type="application/problem+json")
    return render(request, "console/refusal.html", {"title": title, "text": text}, status=status)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """400."""
    return _page(
        request, 400, _("This request makes no sense"), _("Go back, reload the page and try again."), "invalid"
    )


def forbidden(request: HttpRequest, exception: Any = None, reason: str = "") -> HttpResponse:
    """403, also for a missing CSRF token."""
    text = (
        _("This form is too old, or came from another site. Reload the page and send it again.")
        if reason
        else _("Your role does not include this. Ask somebody who manages staff.")
    )
    return _page(request, 403, _("You may not do this"), text, "not_allowed")


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404: not there, or not in the reader's scope."""
    text = _("It may be gone, or it belongs to a venue outside your scope.")
    return _page(request, 404, _("There is nothing here"), text, "not_found")


def broken(request: HttpRequest) -> HttpResponse:
    """500. Plain: it must work when the database does not, and shows nothing of what failed."""
    title = _("Something went wrong on our side")
    text = _("Nothing was lost that had been confirmed. Try again; if it stays, tell whoever runs Atrium.")
    if request.path.startswith(API):
        return _page(request, 500, title, text, "server_error")
    page = (
        f'<!DOCTYPE html><html lang="zh-hans"><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>{title}</title><main><h1>{title}</h1><p>{text}</p>'
        f'<p><a href="/">Atrium</a></p></main></html>'
    )
    return HttpResponse(page, status=500)


def too_many(request: HttpRequest, credentials: Any = None, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """429 after too many wrong passwords."""
    text = _("Too many wrong attempts for this user name from here. Wait 15 minutes, then try again.")
    answer = _page(request, 429, _("Wait a moment"), text, "throttled")
    answer["Retry-After"] = "900"
    return answer
