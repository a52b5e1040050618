"""``manage.py verify_ledger``: whether the books agree; exits 1 on drift."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock, ledger

KEPT = 20
"""Drifts that are listed for each check; all are counted."""


class Command(BaseCommand):
    """Runs every registered check."""

    help = "Check every invariant of the books; exits 1 when something drifted."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
        parser.add_argument("--fix", action="store_true", help="repair what can be repaired, then check again")
        parser.add_argument("--only", action="append", metavar="NAME", help="only this check; may be repeated")

    def handle(self, *args: Any, **options: Any) -> None:
        checks = [item for item in ledger.all_checks() if not options["only"] or item.name in options["only"]]
        fixed = {item.name: ledger.repair(item, clock.now()) for item in checks} if options["fix"] else {}
        results = [self._run(item, fixed.get(item.name, 0)) for item in checks]
        total = sum(item["drifts"] for item in results)
        if options["json"]:
            self.stdout.write(json.dumps({"drifts": total, "checks": results}, default=str))
        else:
            self._print(results, total)
        if total:
            raise CommandError(f"The books disagree: {total} drifts.", returncode=1)

    def _run(self, check: ledger.Check, fixed: int) -> dict[str, Any]:
        kept, count = [], 0
        for drift in ledger.drifts(check):
            count += 1
            if count <= KEPT:
                kept.append({"subject": drift.subject, "text": drift.text, "data": dict(drift.data)})
        return {"name": check.name, "label": str(check.label), "drifts": count, "fixed": fixed, "found": kept}

    def _print(self, results: list[dict[str, Any]], total: int) -> None:
        for item in results:
            word = self.style.ERROR(f"{item['drifts']} drifted") if item["drifts"] else self.style.SUCCESS("agrees")
            mended = f", {item['fixed']} repaired" if item["fixed"] else ""
            self.stdout.write(f"{item['name']:<32} {word}{mended}")
            for drift in item["found"]:
                self.stdout.write(f"    {drift['subject']}: {drift['text']}")
        self.stdout.write(f"{len(results)} checks, {total} drifts")
