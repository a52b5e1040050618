"""Record pages: read-only, because timers have rules. Actions are on the timers page."""

from typing import Any

from django.contrib import admin
from unfold.admin import ModelAdmin

from timers.models import ArchivedTimer, OutboxMessage, Timer


class ReadOnly(ModelAdmin):
    show_full_result_count = False

    def has_add_permission(self, *_args: Any) -> bool:
        return False

    def has_change_permission(self, *_args: Any) -> bool:
        return False

    def has_delete_permission(self, *_args: Any) -> bool:
        return False

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return bool(request.user.has_perm("timers.view") and getattr(request.user, "all_venues", False))

    def has_module_permission(self, request: Any) -> bool:
        return self.has_view_permission(request)


@admin.register(Timer, ArchivedTimer)
class TimerAdmin(ReadOnly):
    list_display = ("kind", "subject_type", "subject_id", "state", "due_at", "fired_at", "lateness_ms", "attempts")
    ordering = ("-id",)


@admin.register(OutboxMessage)
class OutboxAdmin(ReadOnly):
    list_display = ("key", "topic", "state", "attempts", "next_at", "sent_at")
    ordering = ("-id",)
    exclude = ("payload",)
