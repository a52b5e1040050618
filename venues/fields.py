"""Form fields for what people write: times of day, weekdays, yuan, chips."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminTextInputWidget,
)

from venues.rules.clock_face import read_minute, show_minute

WEEKDAYS = (
    ("0", _("Monday")),
    ("1", _("Tuesday")),
    ("2", _("Wednesday")),
    ("3", _("Thursday")),
    ("4", _("Friday")),
    ("5", _("Saturday")),
    ("6", _("Sunday")),
)
MOST_TAGS, LONGEST_TAG = 30, 40


class MinuteField(forms.CharField):
    """``09:00`` outside, minutes from midnight inside; quarter-hours only, 24:00 is the end."""

    widget = UnfoldAdminTextInputWidget(attrs={"placeholder": "09:00", "inputmode": "numeric"})
    default_error_messages = {"time": _("Write a time on the quarter-hour, such as 09:00, up to 24:00.")}

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        minute = read_minute(text)
        if minute is None:
            raise forms.ValidationError(self.error_messages["time"], code="time")
        return minute

    def prepare_value(self, value: Any) -> Any:
        return show_minute(value) if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class WeekdaysField(forms.MultipleChoiceField):
    """Check boxes outside, a string of digits (Monday is 0) inside."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=WEEKDAYS, widget=UnfoldAdminCheckboxSelectMultipleWidget, **options)

    def clean(self, value: Any) -> Any:
        return "".join(sorted(super().clean(value)))

    def prepare_value(self, value: Any) -> Any:
        return list(value) if isinstance(value, str) else value


class YuanField(forms.DecimalField):
    """Yuan with two places outside, fen inside."""

    widget = UnfoldAdminDecimalFieldWidget

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=Decimal("9999999.99"), decimal_places=2, **options)

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        return None if found is None else int(found * 100)

    def prepare_value(self, value: Any) -> Any:
        return f"{value // 100}.{value % 100:02d}" if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class TagsField(forms.CharField):
    """Words between commas (Chinese ones too) outside, a list without repeats inside."""

    widget = UnfoldAdminTextInputWidget
    default_error_messages = {"tags": _("At most %(most)s words of %(longest)s characters.")}

    def clean(self, value: Any) -> Any:
        text = super().clean(value) or ""
        for mark in "，、;；":
            text = text.replace(mark, ",")
        tags = list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
        if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
            limits = {"most": MOST_TAGS, "longest": LONGEST_TAG}
            raise forms.ValidationError(self.error_messages["tags"], code="tags", params=limits)
        return tags

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)
