"""The staff's entrance: log-in and one's own account."""

from django.conf import settings
from django.contrib.auth import views as auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from core.entrances import ANY_STAFF, PUBLIC, console_view
from staff.forms import LogInForm


class LogIn(auth.LoginView):
    """Name and password; axes counts failures and answers 429."""

    template_name = "staff/login.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True

    def form_valid(self, form: LogInForm) -> HttpResponse:
        answer = super().form_valid(form)
        language = form.get_user().language
        if language:
            answer.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                max_age=365 * 86400,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return answer


log_in = console_view(PUBLIC)(LogIn.as_view())


@require_POST
@console_view(ANY_STAFF)
def log_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    return auth.LogoutView.as_view(next_page="login")(request)


@require_safe
@console_view(ANY_STAFF)
def profile(request: HttpRequest) -> HttpResponse:
    """One's own account."""
    return render(request, "staff/profile.html")
