"""Forms of the staff's entrance."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from core import permissions
from staff import registry
from staff.models import Role, User

USERNAME = RegexValidator(r"^[\w.@-]{3,60}\Z", _("3 to 60 letters, digits or . @ - _"))


class LogInForm(AuthenticationForm):
    """User name and password."""


class TokenForm(forms.Form):
    """A six-digit code of the authenticator, or a backup code."""

    token = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Six digits from your authenticator, or one of your backup codes."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )


class NewPasswordMixin(forms.Form):
    """A new password, checked by the validators."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters, not a common one, not like your name."),
    )

    def subject(self) -> User | None:
        """Whose password it will be."""
        return None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password"):
            try:
                password_validation.validate_password(cleaned["password"], self.subject())
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned


class PasswordForm(NewPasswordMixin):
    """Change one's own password; the present one is asked for."""

    current = forms.CharField(
        label=_("Present password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["current", "password"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def subject(self) -> User | None:
        return self.user

    def clean_current(self) -> str:
        if not self.user.check_password(self.cleaned_data["current"]):
            raise forms.ValidationError(_("This is not your present password."))
        return str(self.cleaned_data["current"])


class AcceptForm(NewPasswordMixin):
    """Choose a user name and a password."""

    username = forms.CharField(label=_("User name"), max_length=60, validators=[USERNAME])
    name = forms.CharField(label=_("Name"), max_length=60)
    field_order = ["name", "username", "password"]

    def subject(self) -> User | None:
        return User(username=self.cleaned_data.get("username", ""), name=self.cleaned_data.get("name", ""))


class AccessForm(forms.Form):
    """Roles and venues; what the actor does not hold is not on offer."""

    roles = forms.ModelMultipleChoiceField(Role.objects.none(), label=_("Roles"), widget=forms.CheckboxSelectMultiple)
    all_venues = forms.BooleanField(label=_("All venues, also future ones"), required=False)
    venues = forms.TypedMultipleChoiceField(
        label=_("Venues"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = by.permission_codes
        allowed = [role.pk for role in Role.objects.all() if by.is_superuser or set(role.permissions) <= held]
        self.fields["roles"].queryset = Role.objects.filter(pk__in=allowed)
        self.fields["venues"].choices = registry.scope().choices(by)
        if not (by.all_venues or by.is_superuser):
            del self.fields["all_venues"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("all_venues") and not cleaned.get("venues"):
            self.add_error("venues", _("Choose at least one venue."))
        return cleaned


class InviteForm(AccessForm):
    """Whom to invite, and as what."""

    name = forms.CharField(label=_("Name"), max_length=60)
    email = forms.EmailField(label=_("Email"), required=False)
    field_order = ["name", "email", "roles", "all_venues", "venues"]


class RoleForm(forms.Form):
    """A custom role: a name and a set of permissions."""

    name = forms.CharField(label=_("Name"), max_length=60)
    codes = forms.MultipleChoiceField(label=_("Permissions"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["codes"].choices = [
            (item.code, f"{item.label} ({item.code})")
            for item in permissions.all_permissions()
            if by.is_superuser or item.code in by.permission_codes
        ]
