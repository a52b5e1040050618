"""One's own account: password, second factor, browsers that are signed in."""

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.entrances import ANY_STAFF, console_view
from staff import services
from staff.forms import PasswordForm, TokenForm
from staff.middleware import FACTOR_KEY, NONE, PASSED


@require_safe
@console_view(ANY_STAFF)
def profile(request: HttpRequest) -> HttpResponse:
    """Who one is, what one may do, where one is signed in."""
    context = {
        "sessions": request.user.sessions.all(),  # type: ignore[union-attr]
        "own_key": request.session.session_key,
        "has_factor": services.has_factor(request.user),
        "must_have_factor": services.must_have_factor(request.user),
    }
    return render(request, "staff/profile.html", context)


@never_cache
@sensitive_post_parameters("current", "password")
@console_view(ANY_STAFF)
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password; other browsers are signed out."""
    form = PasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        key = request.session.session_key or ""
        services.set_own_password(user=request.user, password=form.cleaned_data["password"], keep_key=key)
        update_session_auth_hash(request, request.user)  # type: ignore[arg-type]
        messages.success(request, _("Your password is changed. Other browsers were logged out."))
        return redirect("profile")
    return render(request, "staff/password.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@console_view(ANY_STAFF)
def enrol_factor(request: HttpRequest) -> HttpResponse:
    """Show the QR code, take a first code, then show the backup codes once."""
    if services.has_factor(request.user):
        return redirect("profile")
    form = TokenForm(request.POST or None)
    device = services.pending_device(user=request.user)
    if request.method == "POST" and form.is_valid():
        key = request.session.session_key or ""
        codes = services.confirm_factor(user=request.user, token=form.cleaned_data["token"].strip(), keep_key=key)
        if codes is not None:
            request.session[FACTOR_KEY] = PASSED
            return render(request, "staff/backup_codes.html", {"codes": codes})
        form.add_error("token", _("This code is not right. Check the telephone's clock and try the next one."))
    qr = segno.make(device.config_url, error="m").svg_inline(scale=4, omitsize=True, svgclass=None, lineclass=None)
    context = {"form": form, "qr": mark_safe(qr), "key": _key_of(device.config_url)}  # nosec
    return render(request, "staff/enrol.html", context, status=422 if form.errors else 200)


def _key_of(url: str) -> str:
    """The secret of an otpauth address, for typing by hand."""
    secret = url.partition("secret=")[2].partition("&")[0]
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


@require_POST
@console_view(ANY_STAFF)
def remove_factor(request: HttpRequest) -> HttpResponse:
    """Take one's second factor away where it is not demanded."""
    if services.must_have_factor(request.user):
        messages.error(request, _("Your role needs a second factor. Set up another one instead."))
        return redirect("profile")
    key = request.session.session_key or ""
    services.remove_factor(user=request.user, by=request.user, at=clock.now(), keep_key=key)
    request.session[FACTOR_KEY] = NONE
    messages.success(request, _("The second factor is removed."))
    return redirect("profile")


@never_cache
@require_POST
@console_view(ANY_STAFF)
def backup_codes(request: HttpRequest) -> HttpResponse:
    """New backup codes; the old ones open nothing any more."""
    if not services.has_factor(request.user):
        return redirect("enrol_factor")
    codes = services.new_backup_codes(user=request.user)
    return render(request, "staff/backup_codes.html", {"codes": codes})


@require_POST
@console_view(ANY_STAFF)
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Log out one other browser (``session``), or all others."""
    wanted = request.POST.get("session", "")
    if wanted.isdigit() and len(wanted) < 19:
        ended = int(services.end_session(user=request.user, session_id=int(wanted)))
    else:
        ended = services.end_other_sessions(user=request.user, keep_key=request.session.session_key or "")
    messages.success(request, ngettext("%d browser was logged out.", "%d browsers were logged out.", ended) % ended)
    return redirect("profile")
