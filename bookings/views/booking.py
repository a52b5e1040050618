"""Booking at the desk: the form, its price as it is filled in, members as they are typed."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from bookings import services
from bookings.booking_form import BookForm, found_members, suggested
from bookings.models import Booking
from bookings.views import cards
from core import clock
from core.entrances import console_view
from core.errors import DomainError
from orders import queries as orders
from orders import services as order_services
from orders.models import Order
from venues.models import Room


@console_view("bookings.create")
def book(request: HttpRequest) -> HttpResponse:
    """Book for a member or a walk-in; buttons find a member, show the price, or book."""
    if request.method != "POST":
        return _show(request, BookForm(user=request.user, venue=_venue(request), initial=_initial(request)))
    form = BookForm(request.POST, user=request.user, venue=_venue(request))
    step = request.POST.get("step", "book")
    if form.is_valid() and step == "book":
        form.check_who()
    if form.is_valid() and step == "book":
        try:
            return _booked(request, _place(request, form))
        except DomainError as error:
            form.refuse(error)
    status = 200 if step != "book" and form.is_valid() else 422
    return _show(request, form, status=status)


@require_POST
@console_view("bookings.create")
def price(request: HttpRequest) -> HttpResponse:
    """What the form as it stands would cost and why, or why it cannot be had."""
    form = BookForm(request.POST, user=request.user, venue=_venue(request))
    return render(request, "bookings/_price.html", _price(form) if form.is_valid() else {})


@require_POST
@console_view("bookings.create")
def people(request: HttpRequest) -> HttpResponse:
    """Members that fit what was typed."""
    text = request.POST.get("who", "")[:60].replace("\x00", "")
    return render(request, "bookings/_people.html", {"people": found_members(text), "text": text})


def _venue(request: HttpRequest) -> Any:
    return request.venue  # type: ignore[attr-defined]


def _initial(request: HttpRequest) -> dict[str, Any]:
    wanted = request.GET.get("room", "")
    rooms = Room.objects.visible_to(request.user).filter(active=True).select_related("venue")
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
        room = rooms.filter(pk=int(wanted)).first()
    else:
        venue = _venue(request)
        room = (rooms.filter(venue=venue) if venue else rooms).first()
    return suggested(room, _slot(request, "from"), _slot(request, "until"), clock.now())


def _slot(request: HttpRequest, name: str) -> int | None:
    """A quarter-hour since 1970, as the timeline writes it; up to the year 2100."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 8 and int(text) < 4_558_000 else None


def _price(form: BookForm) -> dict[str, Any]:
    try:
        quote = order_services.quote(wishes=[("room", "lines.0", form.wish())], buyer=form.buyer(), at=clock.now())
    except DomainError as error:
        return {"refusal": str(error)}
    shown = orders.show_quote(quote)
    zone = ZoneInfo(form.cleaned_data["room"].venue.timezone)
    offers = [offer for conflict in shown["conflicts"] for offer in conflict.get("alternatives", [])]
    names = dict(Room.objects.filter(pk__in=[offer["room"] for offer in offers]).values_list("pk", "name"))
    return {"quote": shown, "offers": [_offer(offer, names, zone) for offer in offers]}


def _offer(offer: dict[str, Any], names: dict[int, str], zone: ZoneInfo) -> dict[str, Any]:
    start, end = parse_datetime(offer["starts_at"]), parse_datetime(offer["ends_at"])
    assert start is not None
    assert end is not None
    local = start.astimezone(zone), end.astimezone(zone)
    return {
        "text": f"{names[int(offer['room'])]} {local[0]:%m-%d %H:%M}–{local[1]:%H:%M}",
        "payable_fen": offer["payable_fen"],
        "room": offer["room"],
        "first": int(start.timestamp()) // 900,
        "last": int(end.timestamp()) // 900,
    }


def _place(request: HttpRequest, form: BookForm) -> Order:
    data = form.cleaned_data
    return services.book_at_desk(
        wish=form.wish(), buyer=form.buyer(), at=clock.now(), note=data["note"], method=data["method"],
        reference=data["reference"],
    )  # fmt: skip


def _booked(request: HttpRequest, order: Order) -> HttpResponse:
    made = list(Booking.objects.filter(line__order=order).order_by("starts_at").values_list("pk", flat=True))
    said = ngettext("Booked.", "%d occurrences are booked.", len(made))
    messages.success(request, said % len(made) if "%d" in said else said)
    if order.status == Order.Status.AWAITING_PAYMENT:
        messages.warning(request, _("The room is held until the order is paid."))
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("bookings:booking", pk=made[0])
    answer = cards.booking_card(request, made[0])
    answer["HX-Trigger"] = cards.CHANGED
    return answer


def _show(request: HttpRequest, form: BookForm, status: int = 200) -> HttpResponse:
    text = form["who"].value() or ""
    chosen = form.cleaned_data.get("member") if form.is_bound else None
    context: dict[str, Any] = {"form": form, "people": found_members(str(text)), "text": text, "chosen": chosen}
    if form.is_bound and form.is_valid():
        context |= _price(form)
    return render(request, "bookings/book.html", context, status=status)
