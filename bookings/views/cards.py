"""One booking: its card, and what the desk does to it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings import card, services
from bookings.console_forms import CancelForm, MoveForm, ReasonForm
from bookings.models import Booking, Strike
from bookings.story import story_of
from core import clock
from core.actions import Action
from core.entrances import ANY_STAFF, console_view
from core.errors import DomainError
from core.money import show
from orders import queries as orders
from orders import services as order_services
from venues.rules import why_text

CHANGED = "desk:changed"
"""The event on which the list or timeline behind the panel fetches itself anew."""
NEEDS = {
    "approve": "bookings.approve", "reject": "bookings.approve", "check-in": "bookings.check_in",
    "end": "bookings.manage", "move": "bookings.manage", "cancel": "bookings.manage",
}  # fmt: skip


@require_safe
@console_view("bookings.view")
def booking(request: HttpRequest, pk: int) -> HttpResponse:
    """The card: facts, state, money, why, story, what happens next, actions."""
    return _card(request, _visible(request, pk))


@require_POST
@console_view(ANY_STAFF)
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One action; each has a permission of its own. A refusal is shown in place."""
    found = _visible(request, pk)
    if action not in NEEDS:
        raise Http404
    if not request.user.has_perm(NEEDS[action]):
        raise PermissionDenied(NEEDS[action])
    form = _form(action, found, request)
    if form is not None and not form.is_valid():
        return _card(request, found, refused=(action, form))
    try:
        said = ACTIONS[action](request, found, form.cleaned_data if form else {})
    except DomainError as error:
        return _refused(request, found, action, form, error)
    messages.success(request, said)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("bookings:booking", pk=pk)
    answer = _card(request, _visible(request, pk))
    answer["HX-Trigger"] = CHANGED
    return answer


@require_POST
@console_view("bookings.manage")
def waive(request: HttpRequest, pk: int) -> HttpResponse:
    """Forgive a no-show."""
    visible = Booking.objects.visible_to(request.user).values("pk")
    strike = get_object_or_404(Strike.objects.filter(booking__in=visible), pk=pk)
    if services.waive_strike(strike_id=strike.pk, at=clock.now(), by=request.user):
        messages.success(request, _("The no-show is forgiven."))
    return redirect("bookings:booking", pk=strike.booking_id)


def booking_card(request: HttpRequest, pk: int) -> HttpResponse:
    """The card, for a view that has just made the booking."""
    return _card(request, _visible(request, pk))


def _visible(request: HttpRequest, pk: int) -> Booking:
    rows = Booking.objects.visible_to(request.user)
    joined = rows.select_related("room", "venue", "member__plan", "line__order", "series")
    return get_object_or_404(joined, pk=pk)


def _card(request: HttpRequest, found: Booking, refused: tuple[str, forms.Form] | None = None) -> HttpResponse:
    at = clock.now()
    actions = card.actions_for(found, request.user, at)
    if refused is not None:
        actions = [_with_form(item, refused) for item in actions]
    line = found.line
    context = {
        "booking": found,
        "order": line.order if line else None,
        "open_fen": orders.open_fen(line.order) if line else 0,
        "why": [why_text(item) for item in line.why] if line else [],
        "story": story_of(found),
        "actions": actions,
        "lasts": found.ends_at - found.starts_at,
        "position": _position(found),
    }
    return render(request, "bookings/booking.html", context, status=422 if refused else 200)


def _with_form(item: Action, refused: tuple[str, forms.Form]) -> Action:
    return replace(item, form=refused[1]) if item.name == refused[0] else item


def _position(found: Booking) -> tuple[int, int] | None:
    """Which of how many in its series."""
    if found.series_id is None:
        return None
    starts = list(Booking.objects.filter(series=found.series_id).order_by("starts_at").values_list("pk", flat=True))
    return starts.index(found.pk) + 1, len(starts)


def _form(action: str, found: Booking, request: HttpRequest) -> forms.Form | None:
    if action == "reject":
        return ReasonForm(request.POST, prefix="reject")
    if action == "move":
        return MoveForm(request.POST, prefix="move", booking=found)
    if action == "cancel":
        may_refund = request.user.has_perm("orders.refund")
        return CancelForm(request.POST, prefix="cancel", booking=found, may_refund=may_refund)
    return None


def _refused(
    request: HttpRequest, found: Booking, action: str, form: forms.Form | None, error: DomainError
) -> HttpResponse:
    if form is not None:
        form.add_error(None, str(error))
        return _card(request, _visible(request, found.pk), refused=(action, form))
    messages.error(request, str(error))
    if request.htmx:  # type: ignore[attr-defined]
        return _card(request, _visible(request, found.pk))
    return redirect("bookings:booking", pk=found.pk)


def _approve(request: HttpRequest, found: Booking, data: dict[str, Any]) -> str:
    services.approve(booking_id=found.pk, by=request.user, at=clock.now())
    return _("Approved.")


def _reject(request: HttpRequest, found: Booking, data: dict[str, Any]) -> str:
    services.reject(booking_id=found.pk, by=request.user, at=clock.now(), reason=data["reason"])
    return _("Rejected; the room is free again.")


def _check_in(request: HttpRequest, found: Booking, data: dict[str, Any]) -> str:
    services.check_in(booking_id=found.pk, at=clock.now(), by=request.user, staff=True)
    return _("Checked in.")


def _end(request: HttpRequest, found: Booking, data: dict[str, Any]) -> str:
    services.end_early(booking_id=found.pk, at=clock.now(), by=request.user)
    return _("Ended; the rest of the time is free again.")


def _move(request: HttpRequest, found: Booking, data: dict[str, Any]) -> str:
    services.move_booking(
        booking_id=found.pk, room_id=data["room"].pk, starts_at=data["starts"], ends_at=data["ends"],
        by=request.user, at=clock.now(), staff=True, price_kept=data["price_kept"],
    )  # fmt: skip
    return _("Moved.")


def _cancel(request: HttpRequest, found: Booking, data: dict[str, Any]) -> str:
    at, reason, scope = clock.now(), data["reason"], data.get("scope") or "this"
    if scope != "this" or found.line is None:
        services.cancel_series(booking_id=found.pk, scope=scope, by=request.user, at=at, reason=reason)
        return _("Cancelled.")
    kept = 0 if data.get("everything") else None
    before = found.line.order.refunded_fen
    order = order_services.cancel_lines(
        order_id=found.line.order_id, line_ids=[found.line.pk], at=at, by=request.user, reason=reason, kept_percent=kept
    )
    owed = order.refunded_fen - before
    if owed:
        return _("Cancelled; %(amount)s is to be handed out.") % {"amount": show(owed)}
    return _("Cancelled; nothing is refunded.")


ACTIONS: dict[str, Callable[[HttpRequest, Booking, dict[str, Any]], str]] = {
    "approve": _approve, "reject": _reject, "check-in": _check_in, "end": _end, "move": _move, "cancel": _cancel,
}  # fmt: skip
