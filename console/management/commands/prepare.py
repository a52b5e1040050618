"""`manage.py prepare`: bring the instance to what the code expects. `make run` calls it at every start."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from core import catalogues


class Command(BaseCommand):
    """Translations, tables, static files and, on the first start, the demonstration; only what changed."""

    help = "Compile translations, migrate, collect static files and, on the first start, make the demonstration."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        catalogues.compile_all()
        self._migrate()
        self._collect()
        self._demonstrate()

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("bringing the tables up to date")
            call_command("migrate", interactive=False, verbosity=0)

    def _collect(self) -> None:
        stamp = Path(settings.STATIC_ROOT) / ".collected"
        digest = _static_digest()
        if stamp.exists() and stamp.read_text() == digest:
            return
        self.stdout.write("collecting static files")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(digest)

    def _demonstrate(self) -> None:
        done = settings.DATA / "demonstration-made"
        if not settings.DEMO or done.exists() or "demo" not in get_commands():
            return
        self.stdout.write("making the demonstration data (once)")
        call_command("demo")
        done.touch()


def _static_digest() -> str:
    """Every static file's name, size and time, as one value."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(None):
            stat = Path(storage.path(name)).stat()
            digest.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
