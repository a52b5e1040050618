"""`manage.py demo`: believable data to show, to train with and to measure."""

import sys
from argparse import ArgumentParser
from random import Random
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from console.demo import history, people, places, tables
from core import clock

SEED = 20260501
WIDTH = 40


class Command(BaseCommand):
    """Safe to repeat: what is there already stays as it is. Refuses outside the local profile."""

    help = "Make the demonstration: two venues, ten rooms, staff, members, and months of bookings."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bookings", type=int, default=0, help="bookings in all; more are written into the past")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("Demonstration data does not belong in production; nothing was written.")
        at, luck = clock.now(), Random(SEED)
        venues = places.make_places(tables.PLACES)
        staff = people.make_staff()
        members = people.make_members(luck=luck, at=at)
        bookings = history.make_history(luck=luck, at=at)
        wanted = options["bookings"]
        if wanted:
            bookings += history.make_more(wanted=wanted, luck=luck, at=at, told=self._bar(wanted))
        made = f"{venues} venues, {staff} staff, {members} members, {bookings} bookings"
        self.stdout.write(f"made {made}; staff log in with the password {people.PASSWORD}")

    def _bar(self, wanted: int) -> history.Told:
        """A bar on a terminal; elsewhere a line for every tenth."""
        shown = [-1]

        def told(done: int) -> None:
            part = min(1.0, done / wanted)
            if self.stderr.isatty():
                filled = int(part * WIDTH)
                self.stderr.write(f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {done:,}/{wanted:,}", ending="")
            elif int(part * 10) > shown[0]:
                shown[0] = int(part * 10)
                self.stderr.write(f"{done:,} of {wanted:,} bookings")
            sys.stderr.flush()

        return told
