"""The staff's entrance to imports of venues and rooms: a file, its preview, then all of it or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache

from core.entrances import console_view
from core.errors import DomainError
from core.imports import Column, Sheet, UploadForm
from venues import services
from venues.imports import read_rooms, read_venues, room_columns, venue_columns


@dataclass(frozen=True)
class Kind:
    """What can be imported: its words, its columns, how it is read and written."""

    title: str | Promise
    columns: Callable[[Any], list[Column]]
    read: Callable[[str, Any], Sheet]
    write: Callable[..., int]
    back: str


KINDS = {
    "venues": Kind(
        gettext_lazy("Import venues"),
        lambda user: venue_columns(),
        lambda text, user: read_venues(text),
        services.import_venues,
        "venues:list",
    ),
    "rooms": Kind(gettext_lazy("Import rooms"), room_columns, read_rooms, services.import_rooms, "venues:list"),
}


@never_cache
@console_view("venues.import")
def import_(request: HttpRequest, name: str) -> HttpResponse:
    """Show every error in place; take all rows, or none."""
    kind = KINDS.get(name)
    if kind is None:
        raise Http404
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, kind, name, form, status=422 if form.errors else 200)
    text = form.cleaned_data["text"]
    sheet = kind.read(text, request.user)
    if sheet.good and "apply" in request.POST and _taken(request, kind, form, sheet):
        return redirect(kind.back)
    shown = UploadForm(initial={"text": text}) if form.is_valid() else form
    return _page(request, kind, name, shown, sheet=sheet, status=200 if sheet.good else 422)


def _taken(request: HttpRequest, kind: Kind, form: UploadForm, sheet: Sheet) -> bool:
    try:
        count = kind.write(rows=[row.values for row in sheet.rows], by=request.user)
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, ngettext("%d row imported.", "%d rows imported.", count) % count)
    return True


def _page(
    request: HttpRequest, kind: Kind, name: str, form: UploadForm, status: int, sheet: Sheet | None = None
) -> HttpResponse:
    context = {"kind": kind, "name": name, "form": form, "sheet": sheet, "columns": kind.columns(request.user)}
    return render(request, "venues/import.html", context, status=status)
