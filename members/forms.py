"""Forms of the members' pages."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from core.imports import Column, Sheet, read
from members import queries
from members.models import Member, Plan
from members.rules import LEVEL_LABELS

PHONE = RegexValidator(r"^\+?[0-9]{5,15}\Z", _("Digits only, such as 13812345678 or +12125550100."))


class ReasonForm(forms.Form):
    """Why a member is blocked; they may be told."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class MemberForm(forms.ModelForm):  # type: ignore[type-arg]
    """What staff may change about a member."""

    phone = forms.CharField(label=_("Phone"), max_length=16, required=False, validators=[PHONE])
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    level = forms.ChoiceField(label=_("Level"), choices=list(LEVEL_LABELS.items()))
    note = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For colleagues only."),
    )  # fmt: skip

    class Meta:
        model = Member
        fields = ["nickname", "phone", "email", "language", "level", "plan", "plan_ends_at", "note"]
        labels = {"nickname": _("Name"), "email": _("Email"), "plan": _("Plan"), "plan_ends_at": _("Plan ends (UTC)")}
        widgets = {"plan_ends_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")}

    def __init__(self, *args: Any, masked: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if masked:  # who may not see personal data cannot change it unseen
            del self.fields["nickname"], self.fields["phone"], self.fields["email"]

    def clean_phone(self) -> str | None:
        """No phone is NULL, so that two members without one do not collide."""
        return str(self.cleaned_data["phone"]) or None

    def validate_unique(self) -> None:
        """The service decides, under its lock."""

    def changes(self) -> dict[str, Any]:
        """What was changed, by field."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


def import_columns() -> list[Column]:
    """What a file of members may hold; the name is required."""
    languages, levels = dict(settings.LANGUAGES), dict(LEVEL_LABELS)
    return [
        Column("nickname", _("Name"), forms.CharField(max_length=60)),
        Column("phone", _("Phone"), forms.CharField(max_length=16, required=False, validators=[PHONE])),
        Column("email", _("Email"), forms.EmailField(max_length=254, required=False)),
        Column("language", _("Language"), _choice(languages, "zh-hans")),
        Column("level", _("Level"), _choice(levels, "standard")),
        Column("plan", _("Plan"), forms.ModelChoiceField(Plan.objects, to_field_name="code", required=False)),
        Column("note", _("Note"), forms.CharField(max_length=2000, required=False)),
    ]


def read_members(text: str) -> Sheet:
    """A file of members with every error in its place; phones must be new."""
    sheet = read(text, import_columns())
    sheet.refuse_repeats("phone")
    taken = queries.taken_phones([row.values.get("phone") or "" for row in sheet.rows])
    for row in sheet.rows:
        if row.values.get("phone") in taken:
            row.refuse("phone", _("A member has this phone already."))
    return sheet


def _choice(choices: dict[str, Any], empty: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        choices=list(choices.items()), required=False, empty_value=empty, coerce=str
    )  # fmt: skip
