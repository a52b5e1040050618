"""Record pages of the libraries: in the theme's dress, under Atrium's permissions, or not at all."""

from typing import Any, ClassVar

from auditlog.models import LogEntry
from axes.models import AccessAttempt
from django.contrib.admin import AdminSite
from django.db.models import Model
from django.http import HttpRequest
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from core.admin import RuledAdmin

OWN = frozenset({"staff", "venues", "members", "orders", "bookings", "timers", "wechat"})


class LogEntryAdmin(RuledAdmin):
    """The raw audit entries; the console's audit page is the readable form."""

    view_permission = "staff.audit"
    list_display: ClassVar[list[str]] = ["timestamp", "actor", "content_type", "object_repr", "action"]
    list_select_related: ClassVar[list[str]] = ["actor", "content_type"]
    search_fields: ClassVar[list[str]] = ["object_repr"]


class AccessAttemptAdmin(RuledAdmin):
    """Wrong passwords that are counted; deleting a row lifts the lock."""

    view_permission = "staff.manage"
    list_display: ClassVar[list[str]] = ["attempt_time", "username", "ip_address", "failures_since_start"]
    exclude: ClassVar[list[str]] = ["get_data", "post_data"]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._holds(request, self.view_permission)


class ScheduleAdmin(RuledAdmin):
    """What Celery beat would run from the database; Atrium's own schedule is in code."""

    view_permission = "staff.audit"


def take_over(site: AdminSite) -> None:
    """Drop the libraries' own pages (some show secrets), then register what staff may see."""
    registered: list[Any] = list(site._registry)
    for model in registered:
        if model._meta.app_label not in OWN:
            site.unregister(model)
    site.register(LogEntry, LogEntryAdmin)
    site.register(AccessAttempt, AccessAttemptAdmin)
    site.register([PeriodicTask, IntervalSchedule, CrontabSchedule], ScheduleAdmin)
