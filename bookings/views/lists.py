"""The list of bookings and its export."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookings import exports
from bookings.console_forms import ListForm
from bookings.listing import bookings_for
from bookings.models import Booking
from core import audit, csv, keyset
from core.entrances import console_view

JOINED = ("room", "venue", "member", "line__order")


@require_safe
@console_view("bookings.view")
def index(request: HttpRequest) -> HttpResponse:
    """Bookings, the latest start first; the related rows of one page are fetched after it was found."""
    form, rows = filtered(request)
    page = keyset.page(rows.prefetch_related(*JOINED), order="starts_at", cursor=request.GET.get("cursor", ""))
    return render(request, "bookings/list.html", {"form": form, "page": page})


@require_safe
@console_view("bookings.export")
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The list on the screen as CSV, streamed; names in full only for those who may reveal them."""
    _form, rows = filtered(request)
    audit.record(
        actor=request.user, action="bookings.export", subject=request.user, reason=request.GET.urlencode()[:200]
    )
    reveal = request.user.has_perm("members.reveal")
    return csv.download("bookings.csv", csv.joined(exports.header(), exports.rows(rows, reveal=reveal)))


def filtered(request: HttpRequest) -> tuple[ListForm, QuerySet[Booking]]:
    """The filters of the address, and what they leave of what the reader may see."""
    venue: Any = request.venue  # type: ignore[attr-defined]
    form = ListForm(request.GET, by=request.user, venue=venue)
    wanted = form.wanted()
    return form, bookings_for(request.user, wanted) if wanted else Booking.objects.none()
