from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import permissions
from core.permissions import AUDITOR, DESK, FINANCE, MANAGER


class OrdersConfig(AppConfig):
    name = "orders"
    label = "orders"
    verbose_name = _("Orders")

    def ready(self) -> None:
        from orders import handlers, ledger, looks, panels  # noqa: PLC0415 - models are not loaded before

        permissions.register("orders.view", _("See orders"), {MANAGER, DESK, FINANCE, AUDITOR})
        permissions.register("orders.take_payment", _("Take payments"), {MANAGER, DESK, FINANCE})
        permissions.register("orders.refund", _("Refund and hand out refunds"), {MANAGER, FINANCE})
        permissions.register("orders.export", _("Export orders"), {MANAGER, FINANCE})
        handlers.register()
        ledger.register()
        looks.register()
        panels.register()
