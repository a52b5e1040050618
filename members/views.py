"""The staff's entrance to members: list, page, edit, block, reveal, sessions, export."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core import audit, clock, csv, masking
from core.api_fields import show_instant
from core.entrances import console_view
from core.errors import DomainError
from core.imports import Sheet, UploadForm
from members import queries, registry, services
from members.forms import MemberForm, ReasonForm, import_columns, read_members
from members.models import Member, Plan
from members.rules import LEVEL_LABELS

_FILTERS = ("status", "plan", "level")
_EXPORTED = ("nickname", "phone", "email", "language", "level", "status", "plan__code", "plan_ends_at", "created_at")


@require_safe
@console_view("members.view")
def index(request: HttpRequest) -> HttpResponse:
    """Members, newest first, a page at a time."""
    rows, query = _wanted(request)
    cursor = request.GET.get("cursor", "")
    page, next_ = queries.page_of(rows, cursor)
    context = {
        "members": page,
        "next": next_,
        "first": not cursor,
        "count": rows.count(),
        "wanted": query,
        "filtered": bool(query) or any(request.GET.get(name) for name in _FILTERS),
        "plans": Plan.objects.all(),
        "levels": LEVEL_LABELS,
    }
    return render(request, "members/list.html", context)


@never_cache
@require_safe
@console_view("members.view")
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one member, personal data masked."""
    return _page(request, get_object_or_404(Member.objects.select_related("plan"), pk=pk))


@never_cache
@require_POST
@console_view("members.reveal")
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page unmasked, this once; leaves an audit entry."""
    who = get_object_or_404(Member.objects.select_related("plan"), pk=pk)
    return _page(request, services.reveal(member=who, by=request.user), reveal=True)


@never_cache
@console_view("members.manage")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what staff may change; phone and email only for those who may see them."""
    who = get_object_or_404(Member, pk=pk)
    masked = not request.user.has_perm("members.reveal")
    form = MemberForm(request.POST or None, instance=who, masked=masked)
    if request.method == "POST" and form.is_valid() and _edited(request, who, form):
        messages.success(request, _("Saved."))
        return redirect("members:member", pk)
    return render(request, "members/edit.html", {"member": who, "form": form}, status=422 if form.errors else 200)


@require_POST
@console_view("members.block")
def block(request: HttpRequest, pk: int) -> HttpResponse:
    """Block with a reason; every session ends at once."""
    who = get_object_or_404(Member.objects.select_related("plan"), pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, who, block_form=form, status=422)
    try:
        ended = services.block(
            member=who, reason=form.cleaned_data["reason"], by=request.user, at=clock.real_now()
        )  # fmt: skip
    except DomainError as error:
        messages.error(request, str(error))
    else:
        told = ngettext("Blocked; %d session ended.", "Blocked; %d sessions ended.", ended) % ended
        messages.success(request, told)
    return redirect("members:member", pk)


@require_POST
@console_view("members.block")
def unblock(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a blocked member in again."""
    try:
        services.unblock(member=get_object_or_404(Member, pk=pk), by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Let in again; they can log in now."))
    return redirect("members:member", pk)


@require_POST
@console_view("members.block")
def end_session(request: HttpRequest, pk: int, session: int) -> HttpResponse:
    """End one session of a member."""
    found = get_object_or_404(get_object_or_404(Member, pk=pk).sessions.select_related("member"), pk=session)
    if services.end_session_by_staff(session=found, by=request.user, at=clock.real_now()):
        messages.success(request, _("The session has ended; its key opens nothing any more."))
    return redirect("members:member", pk)


@require_safe
@console_view("members.export")
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as CSV, filtered as on screen; masked unless the role may reveal."""
    rows, query = _wanted(request)
    unmasked = request.user.has_perm("members.reveal")
    asked = {name: request.GET.get(name, "") for name in _FILTERS}
    audit.record(
        actor=request.user, action="member.export", subject=request.user,  # type: ignore[arg-type]
        after={"unmasked": unmasked, "searched": bool(query), **asked},
    )  # fmt: skip
    header = [_("Number"), *(name.removesuffix("__code") for name in _EXPORTED)]
    chunks = csv.keyset_chunks(rows, ("pk", *_EXPORTED), lambda cells: _cells(cells, unmasked))
    return csv.response("members.csv", header, chunks)


@never_cache
@console_view("members.import")
def import_(request: HttpRequest) -> HttpResponse:
    """A file, its preview with every error in place, and then all of it or nothing."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _import_page(request, form, status=422 if form.errors else 200)
    text = form.cleaned_data["text"]
    sheet = read_members(text)
    if sheet.good and "apply" in request.POST and _imported(request, form, sheet):
        return redirect("members:list")
    shown = UploadForm(initial={"text": text}) if form.is_valid() else form
    return _import_page(request, shown, sheet=sheet, status=200 if sheet.good else 422)


def _imported(request: HttpRequest, form: UploadForm, sheet: Sheet) -> bool:
    try:
        rows = [row.values for row in sheet.rows]
        count = services.import_members(rows=rows, by=request.user, at=clock.now())
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, ngettext("%d member imported.", "%d members imported.", count) % count)
    return True


def _import_page(request: HttpRequest, form: UploadForm, status: int, sheet: Sheet | None = None) -> HttpResponse:
    context = {"form": form, "sheet": sheet, "columns": import_columns()}
    return render(request, "members/import.html", context, status=status)


def _wanted(request: HttpRequest) -> tuple[Any, str]:
    query = request.GET.get("q", "")[:60].replace("\x00", "").strip()
    filters = {name: request.GET.get(name, "")[:40].replace("\x00", "") for name in _FILTERS}
    return queries.found(text=query, **filters), query


def _page(request: HttpRequest, who: Member, *, reveal: bool = False, status: int = 200, **more: Any) -> HttpResponse:
    at = clock.now()
    context = {
        "member": who,
        "reveal": reveal,
        "open_sessions": who.sessions.filter(revoked_at=None, expires_at__gt=clock.real_now()),
        "letters": who.messages.all()[:10],
        "unread": queries.unread_count(who),
        "level": LEVEL_LABELS.get(who.level, who.level),
        "extra_sections": registry.sections_for(who, request.user, at),
        "story": queries.story(who) if request.user.has_perm("members.view") else [],
        "block_form": ReasonForm(),
        **more,
    }
    return render(request, "members/member.html", context, status=status)


def _edited(request: HttpRequest, who: Member, form: MemberForm) -> bool:
    try:
        services.update_profile(member=Member(pk=who.pk), changes=form.changes(), by=request.user)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return False
    return True


def _cells(cells: tuple[Any, ...], unmasked: bool) -> list[Any]:
    pk, nickname, phone, email, *rest, plan_ends_at, created_at = cells
    if not unmasked:
        nickname, phone, email = masking.name(nickname), masking.phone(phone), masking.text(email)
    times = [show_instant(moment) if moment else "" for moment in (plan_ends_at, created_at)]
    return [pk, nickname, phone or "", email, *(text or "" for text in rest), *times]
