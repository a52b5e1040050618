"""Log-in, second factor, log-out, and the door for who was invited."""

import django_otp
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from core import clock
from core.entrances import ANY_STAFF, PUBLIC, console_view
from core.errors import DomainError
from staff import services
from staff.forms import AcceptForm, LogInForm, TokenForm
from staff.middleware import FACTOR_KEY, PASSED
from staff.models import User

AFTER_KEY = "after_second_factor"


def remember_language(answer: HttpResponse, language: str) -> None:
    """Put the language into the cookie that Django's LocaleMiddleware reads."""
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 86400,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


class LogIn(auth.LoginView):
    """Name and password; axes counts failures and answers 429."""

    template_name = "staff/login.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True

    def form_valid(self, form: LogInForm) -> HttpResponse:
        answer = super().form_valid(form)
        user: User = form.get_user()  # type: ignore[assignment]
        self.request.session[AFTER_KEY] = self.get_success_url()
        if user.language:
            remember_language(answer, user.language)
        return answer


log_in = console_view(PUBLIC)(LogIn.as_view())


@require_POST
@console_view(ANY_STAFF)
def log_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    key = request.session.session_key
    own = request.user.sessions.filter(session_key=key).first()  # type: ignore[union-attr]
    if own is not None:
        services.end_session(user=request.user, session_id=own.pk)
    return auth.LogoutView.as_view(next_page="login")(request)  # type: ignore[return-value]


@never_cache
@console_view(ANY_STAFF)
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for a code; devices lock themselves for a while after wrong ones."""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = services.verify(user=request.user, token=form.cleaned_data["token"])
        if device is not None:
            django_otp.login(request, device)
            request.session.cycle_key()
            request.session[FACTOR_KEY] = PASSED
            return redirect(_after(request))
        form.add_error("token", _("This code is wrong, used or too old. After several wrong codes, wait a moment."))
    return render(request, "staff/second_factor.html", {"form": form}, status=422 if form.errors else 200)


def _after(request: HttpRequest) -> str:
    target = request.session.pop(AFTER_KEY, "/")
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else "/"


@never_cache
@sensitive_post_parameters("password")
@console_view(PUBLIC)
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody invited chooses a user name and a password."""
    at = clock.real_now()
    try:
        invitation = services.find_open(token=token, at=at)
    except DomainError as error:
        return render(request, "staff/invitation_unusable.html", {"message": error.message}, status=error.status)
    form = AcceptForm(request.POST or None, initial={"name": invitation.name})
    if request.method == "POST" and form.is_valid():
        try:
            services.accept(token=token, language=get_language() or "", at=at, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
        else:
            messages.success(request, _("Welcome. Log in with your new user name and password."))
            return redirect("login")
    context = {"form": form, "invitation": invitation}
    return render(request, "staff/accept.html", context, status=422 if form.errors else 200)
