from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import navigation, permissions
from core.permissions import AUDITOR, DESK, FINANCE, KITCHEN, MANAGER, MARKETING, TECHNICIAN


class VenuesConfig(AppConfig):
    name = "venues"
    label = "venues"
    verbose_name = _("Venues and rooms")

    def ready(self) -> None:
        everybody = (MANAGER, DESK, MARKETING, KITCHEN, TECHNICIAN, FINANCE, AUDITOR)
        permissions.register("venues.view", _("See venues, rooms and their rules"), everybody)
        permissions.register("venues.manage", _("Change venues, rooms, hours, prices and policies"), (MANAGER,))
        permissions.register("venues.import", _("Import venues and rooms from CSV"), (MANAGER,))
        navigation.register(
            navigation.PLACES, _("Venues and rooms"), "venues:list", "venues.view", "apartment", order=10, key="v"
        )
        import_module("venues.trail").follow_records()
