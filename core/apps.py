from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "core"
    label = "core"

    def ready(self) -> None:
        """Load every app's ``handlers.py``: its reactions and its registry entries."""
        autodiscover_modules("handlers")
