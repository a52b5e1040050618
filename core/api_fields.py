"""Fields and base serializer of the members' API: strict in what they take."""

import re
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)\Z", re.ASCII)
_ID = re.compile(r"[1-9]\d{0,17}\Z", re.ASCII)


def show_instant(value: datetime) -> str:
    """An instant as RFC 3339 in UTC, seconds (microseconds where there are any), with ``Z``."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


@extend_schema_field(OpenApiTypes.DATETIME)
class InstantField(serializers.Field[datetime, str, str, Any]):
    """RFC 3339 with any offset in, UTC with ``Z`` out."""

    default_error_messages = {"invalid": _("Not an RFC 3339 instant with an offset, such as 2026-01-05T01:00:00Z.")}

    def to_internal_value(self, data: Any) -> datetime:
        try:
            if isinstance(data, str) and _RFC3339.match(data):
                return datetime.fromisoformat(data.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        return self.fail("invalid")

    def to_representation(self, value: datetime) -> str:
        return show_instant(value)


@extend_schema_field(OpenApiTypes.STR)
class IdField(serializers.Field[int, str, str, Any]):
    """An opaque id: a string outside, the primary key inside."""

    default_error_messages = {"invalid": _("Not an id.")}

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, str) and _ID.match(data):
            return int(data)
        return self.fail("invalid")

    def to_representation(self, value: Any) -> str:
        return str(getattr(value, "pk", value))


class FenField(serializers.IntegerField):
    """Money in fen, never negative."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=10**12, **kwargs)


def parse_id(text: str) -> int | None:
    """The primary key in an address, or None where the text is no id."""
    return int(text) if _ID.match(text) else None


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses members that it does not know, naming them."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = [str(key) for key in data if key not in self.fields]
            if unknown:
                raise serializers.ValidationError({key[:60]: [_("Unknown field.")] for key in unknown[:20]})
        return super().to_internal_value(data)
