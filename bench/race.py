"""200 clients on one slot, 50 rounds, with 2 and 8 web processes, on both databases.

Demand: exactly one winner a round, no answer of 5xx, clean books afterwards.
"""

import json
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from importlib import import_module
from typing import Any

from bench import load, people
from bench.stage import Stage, show

CLIENTS = 200
ROUNDS = 50


def main() -> None:
    """Each database in a process of its own: Django is set up once a process."""
    for database in ("sqlite", "mariadb"):
        subprocess.run([sys.executable, "-m", "bench.race", database], check=True)


def on(database: str) -> None:
    """Both numbers of processes on one database."""
    with Stage(database) as stage:
        keys = people.keys(CLIENTS)
        for processes in (2, 8):
            _race(stage.serve(workers=processes), keys, f"race on {database}, {processes} processes")
            stage.end()


def _race(url: str, keys: list[Any], name: str) -> None:
    room, wrong, statuses = people.rooms(1)[0], 0, Counter[int]()
    midnight = datetime.combine(people.tomorrow(), time(), UTC)
    for number in range(ROUNDS):
        starts = midnight + timedelta(hours=number)
        line = {"kind": "room", "room": str(room.pk), "starts_at": starts.isoformat()}
        body = json.dumps({"lines": [line | {"ends_at": (starts + timedelta(hours=1)).isoformat()}]}).encode()
        wishes = [
            load.signed(key, "POST", f"{url}/api/v1/orders", body, idempotency_key=f"race-{room.pk}-{number}")
            for key in keys
        ]
        result = load.fire(url, wishes, CLIENTS)
        wrong += result.statuses[201] != 1
        statuses += result.statuses
    failed = sum(count for status, count in statuses.items() if status >= 500)
    drifts = sum(1 for check in import_module("core.ledger").all_checks() for _drift in check.check())
    show(f"{name}: rounds without exactly one winner", wrong, "rounds", ROUNDS, wrong / ROUNDS)
    show(f"{name}: answers of 5xx", failed, "answers", CLIENTS * ROUNDS, failed / (CLIENTS * ROUNDS))
    show(f"{name}: drifts of the ledger", drifts, "drifts", 0, float(drifts))


if __name__ == "__main__":
    on(sys.argv[1]) if len(sys.argv) > 1 else main()
