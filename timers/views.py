"""The timers page: what is due soon, late or dead, and what waits to leave."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.entrances import console_view
from core.errors import DomainError
from timers import actions, queries, registry
from timers.models import OutboxMessage, Timer

PAGE = 50
LATE = timedelta(seconds=5)
DAY = timedelta(hours=24)
SOON, LATE_TAB, DEAD, OUTBOX = "soon", "late", "dead", "outbox"


@require_safe
@console_view("timers.view")
def timers(request: HttpRequest) -> HttpResponse:
    """One tab of timers or messages, a page by key, and how late things fired in 24 hours."""
    at = clock.now()
    tab = request.GET.get("tab", SOON)
    rows, field = _rows(request, tab, at)
    page, following = _page(rows, field, request.GET.get("cursor", ""))
    context = {
        "tab": tab,
        "page": page,
        "next": following,
        "first": not request.GET.get("cursor"),
        "kinds": registry.all_kinds(),
        "late_count": _late(queries.visible_to(request.user), at)[:1000].count(),
        "dead_count": queries.visible_to(request.user).filter(state=Timer.State.DEAD)[:1000].count(),
        "bars": queries.lateness(at - DAY),
        "may_manage": request.user.has_perm("timers.manage"),  # type: ignore[union-attr]
        "back": request.get_full_path(),
    }
    return render(request, "timers/timers.html", context)


def _rows(request: HttpRequest, tab: str, at: datetime) -> tuple[QuerySet[Any], str]:
    if tab == OUTBOX:
        states = [OutboxMessage.State.WAITING, OutboxMessage.State.DEAD]
        return OutboxMessage.objects.filter(state__in=states), "next_at"
    rows = queries.visible_to(request.user)
    if request.GET.get("kind"):
        rows = rows.filter(kind=request.GET["kind"])
    if tab == DEAD:
        return rows.filter(state=Timer.State.DEAD), "due_at"
    if tab == LATE_TAB:
        return _late(rows, at), "due_at"
    return rows.filter(state=Timer.State.SCHEDULED), "due_at"


def _late(rows: QuerySet[Timer], at: datetime) -> QuerySet[Timer]:
    return rows.filter(state__in=Timer.LIVE, due_at__lte=at - LATE)


def _page(rows: QuerySet[Any], field: str, cursor: str) -> tuple[list[Any], str]:
    """The page after ``cursor`` (``instant|id``) and the cursor of the next, or nothing."""
    found = list(_after(rows, field, cursor).order_by(field, "id")[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    last = found[PAGE - 1]
    return found[:PAGE], f"{getattr(last, field).isoformat()}|{last.pk}"


def _after(rows: QuerySet[Any], field: str, cursor: str) -> QuerySet[Any]:
    moment, _bar, pk = cursor.partition("|")
    try:
        after, last = datetime.fromisoformat(moment), int(pk)
    except ValueError:
        return rows
    if after.tzinfo is None or not 0 < last < 2**63:
        return rows
    return rows.filter(Q(**{f"{field}__gt": after}) | Q(**{field: after, "id__gt": last}))


@require_POST
@console_view("timers.manage")
def fire(request: HttpRequest, pk: int) -> HttpResponse:
    """Make it due now."""
    return _act(request, pk, actions.fire_now, _("It fires within a second."))


@require_POST
@console_view("timers.manage")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Disarm it."""
    return _act(request, pk, actions.cancel, _("The timer is cancelled."))


@require_POST
@console_view("timers.manage")
def redrive(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a dead one again."""
    return _act(request, pk, actions.redrive, _("The timer is tried again."))


@require_POST
@console_view("timers.manage")
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a dead message again."""
    if not OutboxMessage.objects.filter(pk=pk).exists():
        raise Http404
    return _answer(request, lambda: actions.resend(message_id=pk, by=request.user), _("The message is sent again."))


def _act(request: HttpRequest, pk: int, action: Callable[..., Any], done: str) -> HttpResponse:
    if not queries.visible_to(request.user).filter(pk=pk).exists():
        raise Http404
    return _answer(
        request, lambda: action(timer_id=pk, by=request.user, reason=request.POST.get("reason", "")[:200]), done
    )


def _answer(request: HttpRequest, work: Callable[[], Any], done: str) -> HttpResponse:
    try:
        work()
        messages.success(request, done)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else "timers:list")
