"""The audit trail: filters and keyset paging over auditlog's entries."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from auditlog.models import LogEntry
from django import forms
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from staff.models import User

SIZE = 50


class TrailForm(forms.Form):
    """Who, what kind of thing, which one, which days (in the console's zone)."""

    actor = forms.ModelChoiceField(User.objects.none(), label=_("Who"), required=False)
    subject = forms.ModelChoiceField(ContentType.objects.none(), label=_("What"), required=False)
    text = forms.CharField(label=_("Name or number"), required=False, max_length=60)
    first_day = forms.DateField(
        label=_("From day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last_day = forms.DateField(
        label=_("To day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["actor"].queryset = User.objects.visible_to(by)
        kinds = LogEntry.objects.order_by().values("content_type_id").distinct()
        self.fields["subject"].queryset = ContentType.objects.filter(pk__in=kinds)


@dataclass(frozen=True)
class Page:
    """One page of entries; ``next`` is the cursor of the following one, or empty."""

    entries: list[LogEntry]
    next: str
    first: bool


def page(form: TrailForm, *, cursor: str, by: User) -> Page:
    """The entries that the filters leave, newest first; wrong filters leave none."""
    rows = _scoped(by)
    if form.is_bound:
        rows = _filtered(rows, form.cleaned_data) if form.is_valid() else rows.none()
    before = int(cursor) if cursor.isdecimal() and cursor.isascii() and len(cursor) < 19 else None
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.select_related("actor", "content_type").order_by("-pk")[: SIZE + 1])
    more = len(found) > SIZE
    return Page(found[:SIZE], str(found[SIZE - 1].pk) if more else "", before is None)


def _scoped(by: User) -> QuerySet[LogEntry]:
    """All for staff of all venues; others read what they and their colleagues did."""
    rows = LogEntry.objects.all()
    if by.all_venues or by.is_superuser:
        return rows
    return rows.filter(actor__in=User.objects.visible_to(by).values("pk"))


def _filtered(rows: QuerySet[LogEntry], wanted: dict[str, Any]) -> QuerySet[LogEntry]:
    if wanted["actor"]:
        rows = rows.filter(actor=wanted["actor"])
    if wanted["subject"]:
        rows = rows.filter(content_type=wanted["subject"])
    if wanted["text"]:
        rows = rows.filter(object_repr__icontains=wanted["text"])
    if wanted["first_day"]:
        rows = rows.filter(timestamp__gte=_midnight(wanted["first_day"]))
    if wanted["last_day"]:
        rows = rows.filter(timestamp__lt=_midnight(wanted["last_day"] + timedelta(days=1)))
    return rows


def _midnight(day: Any) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(settings.CONSOLE_ZONE)).astimezone(UTC)
