"""`manage.py clock`: read and move Atrium's clock, for training, demonstration and tests."""

import re
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Command(BaseCommand):
    """The local profile only. Signatures, nonces and sessions keep real time."""

    help = "clock | clock advance 45m|30d|1h30m | clock reset"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", nargs="?", choices=["show", "advance", "reset"], default="show")
        parser.add_argument("by", nargs="?", help="how far: 90s, 45m, 2h, 30d, 1w or together, 1d12h")

    def handle(self, *args: Any, action: str, by: str | None, **options: Any) -> None:
        if action == "advance":
            self._move(clock.offset() + duration(by or ""))
        elif action == "reset":
            self._move(timedelta())
        moved = clock.offset()
        self.stdout.write(f"{clock.now():%Y-%m-%dT%H:%M:%SZ}" + (f" (moved by {moved})" if moved else " (real time)"))

    def _move(self, offset: timedelta) -> None:
        try:
            clock.set_offset(offset)
        except (RuntimeError, OSError) as error:
            raise CommandError(str(error)) from None


def duration(text: str) -> timedelta:
    """``45m``, ``30d``, ``1d12h`` → a timedelta. Raises CommandError for anything else."""
    parts = re.findall(r"(\d{1,6})([smhdw])", text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise CommandError(f"{text!r} is no duration; write 90s, 45m, 2h, 30d, 1w or 1d12h")
    return sum((timedelta(**{UNITS[unit]: int(number)}) for number, unit in parts), timedelta())
