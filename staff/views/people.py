"""Colleagues, invitations and roles."""

from typing import Any

from auditlog.models import LogEntry
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import clock, permissions
from core.entrances import console_view
from core.errors import DomainError
from staff import registry, services
from staff.forms import AccessForm, InviteForm, RoleForm
from staff.models import Invitation, Role, User


@require_safe
@console_view("staff.view")
def index(request: HttpRequest) -> HttpResponse:
    """The colleagues in one's scope, and open invitations."""
    people = User.objects.visible_to(request.user).prefetch_related("roles")
    shown = request.GET.get("show", "active")
    people = people.filter(is_active=shown != "disabled")
    role = request.GET.get("role", "")
    if role:
        people = people.filter(roles__slug=role)
    at = clock.real_now()
    invitations = Invitation.objects.filter(closed_at=None, expires_at__gt=at, invited_by__in=_visible(request))
    context = {"people": people[:500], "roles": Role.objects.all(), "invitations": invitations, "shown": shown}
    return render(request, "staff/people.html", context)


def _visible(request: HttpRequest) -> Any:
    return User.objects.visible_to(request.user)


@require_safe
@console_view("staff.view")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One colleague: roles, venues, browsers, story and what may be done."""
    user = get_object_or_404(_visible(request), pk=pk)
    own = registry.scope().ids(user)
    context = {
        "person": user,
        "places": [name for key, name in registry.scope().choices(request.user) if key in own],
        "has_factor": services.has_factor(user),
        "manageable": user.pk != request.user.pk and request.user.reach.covers(user.reach),  # type: ignore[union-attr]
        "entries": LogEntry.objects.get_for_object(user).select_related("actor", "content_type")[:30],
    }
    return render(request, "staff/person.html", context)


@console_view("staff.manage")
def access(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a colleague's roles and venues."""
    user = get_object_or_404(_visible(request), pk=pk)
    initial = {"roles": user.role_list, "all_venues": user.all_venues, "venues": registry.scope().ids(user)}
    form = AccessForm(request.POST or None, by=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_access(user=user, by=request.user, **_granted(form))
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("%s has the new access from the next click on.") % user)
            return redirect("staff:person", pk=user.pk)
    context = {"form": form, "person": user}
    return render(request, "staff/access.html", context, status=422 if form.errors else 200)


def _granted(form: AccessForm) -> dict[str, Any]:
    return {
        "roles": list(form.cleaned_data["roles"]),
        "all_venues": form.cleaned_data.get("all_venues", False),
        "venue_ids": form.cleaned_data["venues"],
    }


@require_POST
@console_view("staff.manage")
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Disable, enable, end sessions, reset the second factor."""
    user = get_object_or_404(_visible(request), pk=pk)
    try:
        said = _do(action, user, request)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, said)
    return redirect("staff:person", pk=user.pk)


def _do(action: str, user: User, request: HttpRequest) -> str:
    by: User = request.user  # type: ignore[assignment]
    if action == "disable":
        services.disable(user=user, by=by)
        return _("%s is disabled and logged out everywhere.") % user
    if action == "enable":
        services.enable(user=user, by=by)
        return _("%s can log in again.") % user
    if action == "log-out":
        services.log_out_colleague(user=user, by=by)
        return _("%s is logged out everywhere.") % user
    if action == "reset-factor":
        services.reset_factor(user=user, by=by, at=clock.now())
        return _("The second factor of %s is removed.") % user
    raise Http404


@console_view("staff.manage")
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody; the link is shown once, to be sent by the inviter."""
    form = InviteForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        named = {"name": form.cleaned_data["name"], "email": form.cleaned_data["email"]}
        try:
            made, token = services.invite(by=request.user, at=clock.real_now(), **named, **_granted(form))
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            link = request.build_absolute_uri(reverse("accept_invitation", args=[token]))
            return render(request, "staff/invited.html", {"invitation": made, "link": link})
    return render(request, "staff/invite.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@console_view("staff.manage")
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an open invitation."""
    invitation = get_object_or_404(Invitation, pk=pk, invited_by__in=_visible(request))
    services.revoke(invitation=invitation, at=clock.real_now())
    messages.success(request, _("The invitation of %s is revoked.") % invitation)
    return redirect("staff:people")


@require_safe
@console_view("staff.view")
def roles(request: HttpRequest) -> HttpResponse:
    """Every role and what it may do."""
    table = [(item, [role for role in Role.objects.all() if item.code in role.permissions]) for item in _catalogue()]
    return render(request, "staff/roles.html", {"roles": Role.objects.all(), "table": table})


def _catalogue() -> list[permissions.Permission]:
    return permissions.all_permissions()


@console_view("staff.manage")
def role(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Make or change a custom role."""
    current = get_object_or_404(Role, pk=pk, builtin=False) if pk else None
    initial = {"name": current.name, "codes": current.permissions} if current else {}
    form = RoleForm(request.POST or None, by=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_role(role=current, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            return redirect("staff:roles")
    context = {"form": form, "role": current}
    return render(request, "staff/role.html", context, status=422 if form.errors else 200)


@require_POST
@console_view("staff.manage")
def role_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a custom role that nobody holds."""
    current = get_object_or_404(Role, pk=pk, builtin=False)
    try:
        services.delete_role(role=current, by=request.user)
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("staff:roles")
