"""The staff's entrance to orders: list, page, payments, refunds."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import audit, clock, csv, keyset
from core.actions import Action
from core.entrances import ANY_STAFF, console_view
from core.errors import DomainError
from core.money import show
from orders import card, exports, queries, services
from orders.forms import CancelForm, HandOutForm, ListForm, PaymentForm
from orders.listing import orders_for
from orders.models import Order, Refund
from orders.story import reason_of, story_of
from venues.rules import why_text

CHANGED = "desk:changed"
NEEDS = {"pay": "orders.take_payment", "cancel": "bookings.manage"}


@require_safe
@console_view("orders.view")
def index(request: HttpRequest) -> HttpResponse:
    """Orders, the newest first; the related rows of one page are fetched after it was found."""
    form, rows = filtered(request)
    joined = rows.prefetch_related("venue", "member")
    page = keyset.page(joined, order="created_at", cursor=request.GET.get("cursor", ""))
    return render(request, "orders/list.html", {"form": form, "page": page})


def filtered(request: HttpRequest) -> tuple[ListForm, QuerySet[Order]]:
    """The filters of the address, and what they leave of what the reader may see."""
    form = ListForm(request.GET)
    wanted = form.wanted(request.venue)  # type: ignore[attr-defined]
    return form, orders_for(request.user, wanted) if wanted else Order.objects.none()


@require_safe
@console_view("orders.export")
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The list on the screen as CSV, streamed; names in full only for those who may reveal them."""
    _form, rows = filtered(request)
    audit.record(actor=request.user, action="orders.export", subject=request.user, reason=request.GET.urlencode()[:200])
    reveal = request.user.has_perm("members.reveal")
    return csv.response("orders.csv", exports.header(), exports.rows(rows, reveal=reveal))


@require_safe
@console_view("orders.view")
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """One order: lines, payments, refunds, story, what happens next, actions."""
    return _page(request, _visible(request, pk))


@require_POST
@console_view(ANY_STAFF)
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Take a payment or cancel; each has a permission of its own. A refusal is shown in place."""
    found = _visible(request, pk)
    if action not in NEEDS:
        raise Http404
    if not request.user.has_perm(NEEDS[action]):
        raise PermissionDenied(NEEDS[action])
    form: forms.Form = (PaymentForm if action == "pay" else CancelForm)(request.POST, prefix=action)
    if form.is_valid():
        try:
            return _done(request, pk, ACTIONS[action](request, found, form.cleaned_data))
        except DomainError as error:
            form.add_error(None, str(error))
    return _page(request, _visible(request, pk), refused=(action, form))


@require_POST
@console_view("orders.refund")
def hand_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that a refund was handed out."""
    refund = get_object_or_404(Refund.objects.visible_to(request.user), pk=pk)
    form = HandOutForm(request.POST, prefix=f"refund{pk}")
    try:
        reference = form.cleaned_data["reference"] if form.is_valid() else ""
        services.hand_out_refund(refund_id=pk, by=request.user, at=clock.now(), reference=reference)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("orders:order", pk=refund.order_id)
    return _done(request, refund.order_id, _("%(amount)s was handed out.") % {"amount": show(refund.amount_fen)})


def _visible(request: HttpRequest, pk: int) -> Order:
    rows = Order.objects.visible_to(request.user).select_related("venue", "member", "created_by")
    return get_object_or_404(rows, pk=pk)


def _done(request: HttpRequest, pk: int, said: str) -> HttpResponse:
    messages.success(request, said)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("orders:order", pk=pk)
    answer = _page(request, _visible(request, pk))
    answer["HX-Trigger"] = CHANGED
    return answer


def _page(request: HttpRequest, found: Order, refused: tuple[str, forms.Form] | None = None) -> HttpResponse:
    actions = card.actions_for(found, request.user, clock.now())
    if refused is not None:
        actions = [_with_form(item, refused) for item in actions]
    refunds = found.refunds.select_related("payment", "done_by", "order__member")
    context = {
        "order": found,
        "lines": [(line, [why_text(item) for item in line.why]) for line in found.lines.select_related("booking")],
        "payments": found.payments.select_related("received_by"),
        "refunds": [(item, reason_of(item.reason), card.hand_out(item, request.user)) for item in refunds],
        "open_fen": queries.open_fen(found),
        "story": story_of(found),
        "actions": actions,
    }
    return render(request, "orders/order.html", context, status=422 if refused else 200)


def _with_form(item: Action, refused: tuple[str, forms.Form]) -> Action:
    return replace(item, form=refused[1]) if item.name == refused[0] else item


def _pay(request: HttpRequest, found: Order, data: dict[str, Any]) -> str:
    services.take_desk_payment(
        order_id=found.pk, method=data["method"], amount_fen=data["amount"], by=request.user, at=clock.now(),
        reference=data["reference"],
    )  # fmt: skip
    return _("%(amount)s was received.") % {"amount": show(data["amount"])}


def _cancel(request: HttpRequest, found: Order, data: dict[str, Any]) -> str:
    before = found.refunded_fen
    order = services.cancel_lines(order_id=found.pk, at=clock.now(), by=request.user, reason=data["reason"])
    owed = order.refunded_fen - before
    if owed:
        return _("Cancelled; %(amount)s is to be handed out.") % {"amount": show(owed)}
    return _("Cancelled; nothing is refunded.")


ACTIONS: dict[str, Callable[[HttpRequest, Order, dict[str, Any]], str]] = {"pay": _pay, "cancel": _cancel}
