"""Durable timers and the outbox."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import ledger, navigation, permissions


class TimersConfig(AppConfig):
    name = "timers"
    label = "timers"
    verbose_name = _("Timers")

    def ready(self) -> None:
        roles = permissions.ROLES
        permissions.register("timers.view", _("See what is due"), roles)
        permissions.register(
            "timers.manage",
            _("Cancel, fire and retry timers"),
            [permissions.OWNER, permissions.MANAGER],
        )
        handlers = import_module("timers.handlers")
        handlers.register_looks()
        ledger.register("timers.invariants", _("Timers are consistent"), handlers.drifts)
        navigation.register(navigation.SYSTEM, _("Timers"), "timers:list", "timers.view", "schedule", order=60, key="t")
