from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import permissions
from core.permissions import AUDITOR, DESK, FINANCE, KITCHEN, MANAGER, MARKETING, TECHNICIAN


class BookingsConfig(AppConfig):
    name = "bookings"
    label = "bookings"
    verbose_name = _("Bookings")

    def ready(self) -> None:
        from bookings import handlers, ledger, looks, panels  # noqa: PLC0415 - models are not loaded before

        everybody = {MANAGER, DESK, MARKETING, KITCHEN, TECHNICIAN, FINANCE, AUDITOR}
        permissions.register("bookings.view", _("See bookings"), everybody)
        permissions.register("bookings.create", _("Book for members and walk-ins"), {MANAGER, DESK})
        permissions.register("bookings.manage", _("Move, cancel and end bookings"), {MANAGER, DESK})
        permissions.register("bookings.check_in", _("Check guests in"), {MANAGER, DESK})
        permissions.register("bookings.approve", _("Approve and reject bookings"), {MANAGER})
        permissions.register("bookings.export", _("Export bookings"), {MANAGER, FINANCE})
        handlers.register()
        ledger.register()
        looks.register()
        panels.register()
