"""Forms of the staff's entrance."""

from django.contrib.auth.forms import AuthenticationForm


class LogInForm(AuthenticationForm):
    """User name and password."""
