"""Record pages of bookings: to read only; the desk works on their cards."""

from typing import Any

from django.contrib import admin

from bookings.models import Booking, Strike
from core.admin import RuledAdmin


class Bookings(RuledAdmin):
    view_permission = "bookings.view"
    list_display = ("code", "starts_at", "ends_at", "status", "price_fen")
    list_filter = ("status",)
    search_fields = ("=code",)
    ordering = ("-starts_at", "-id")
    exclude = ("member", "guest_name")


class Strikes(RuledAdmin):
    view_permission = "bookings.view"
    list_display = ("id", "at", "expires_at", "waived_at")

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).filter(booking__in=Booking.objects.visible_to(request.user))


admin.site.register(Booking, Bookings)
admin.site.register(Strike, Strikes)
