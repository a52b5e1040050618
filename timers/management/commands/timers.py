"""`manage.py timers --health`: is something due that does not fire?"""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from timers import claims, queries


class Command(BaseCommand):
    help = "Reports on due work; exits 1 when something due is not firing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--health", action="store_true", help="check (the default)")
        parser.add_argument("--json", action="store_true", help="one JSON object")
        parser.add_argument("--grace", type=float, default=60, help="seconds that count as on time")

    def handle(self, *_args: Any, **options: Any) -> None:
        claims.assert_read_committed()
        found = queries.health(timedelta(seconds=options["grace"]))
        facts = {"healthy": found.healthy, **asdict(found)}
        if options["json"]:
            self.stdout.write(json.dumps(facts))
        else:
            self.stdout.write("\n".join(f"{name}: {value}" for name, value in facts.items()))
        if not found.healthy:
            raise SystemExit(1)
