"""What a room line and a move may say."""

from typing import Any

from rest_framework import serializers

from bookings.rules import MOST_OCCURRENCES, Repeat
from bookings.services import RoomWish
from core.api_fields import IdField, InstantField, StrictSerializer


class RepeatShape(StrictSerializer):
    freq = serializers.ChoiceField(choices=["daily", "weekly"])
    count = serializers.IntegerField(min_value=2, max_value=MOST_OCCURRENCES)
    skip_conflicts = serializers.BooleanField(default=False)


class RoomLine(StrictSerializer):
    """One order line of kind ``room``."""

    kind = serializers.ChoiceField(choices=["room"])
    room = IdField()
    starts_at = InstantField()
    ends_at = InstantField()
    attendees = serializers.IntegerField(min_value=1, max_value=10000, default=1)
    repeat = RepeatShape(required=False)

    def wish(self) -> RoomWish:
        """The validated wish."""
        data: dict[str, Any] = self.validated_data
        repeat = Repeat(**data["repeat"]) if data.get("repeat") else None
        return RoomWish(data["room"], data["starts_at"], data["ends_at"], data["attendees"], repeat)


class Move(StrictSerializer):
    room = IdField(required=False)
    starts_at = InstantField()
    ends_at = InstantField()
