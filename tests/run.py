"""`make test`: the suite on SQLite and the embedded Valkey, and again on MariaDB, Redis and RabbitMQ.

What is not on this machine is left out and named in one line; with ATRIUM_REQUIRE_ALL=1 it is a failure.
"""

import os
import subprocess
import sys

from core import catalogues
from tests import surroundings

PYTEST = [sys.executable, "-m", "pytest", "-n", os.environ.get("ATRIUM_TEST_WORKERS", "2"), "--dist", "loadgroup"]
ELSEWHERE = ["tests/architecture", "tests/browser"]
"""Tests that touch no data of their own or drive a browser: once is enough."""


def main(arguments: list[str]) -> int:
    """Run both rounds; answers 0 when each passed."""
    catalogues.compile_all()
    missing = surroundings.missing()
    if missing and os.environ.get("ATRIUM_REQUIRE_ALL") == "1":
        sys.stderr.write(f"atrium: ATRIUM_REQUIRE_ALL=1, and these are missing: {'; '.join(missing)}\n")
        return 1
    codes = [_round("SQLite and the embedded Valkey", arguments, {})]
    if not surroundings.SERVICES.keys() & set(missing):
        _round_of_services(arguments, codes)
    if missing:
        sys.stdout.write(f"left out: {'; '.join(missing)}\n")
    return max(codes)


def _round_of_services(arguments: list[str], codes: list[int]) -> None:
    ignored = [f"--ignore={folder}" for folder in ELSEWHERE]
    environment = {
        "DATABASE_URL": surroundings.DATABASE_URL,
        "ATRIUM_TEST_REDIS_URL": surroundings.REDIS_URL,
        "ATRIUM_TEST_BROKER_URL": surroundings.BROKER_URL,
    }
    codes.append(_round("MariaDB, Redis and RabbitMQ", [*ignored, *arguments], environment))


def _round(what: str, arguments: list[str], environment: dict[str, str]) -> int:
    """One run of pytest; no test for these arguments (5) is no failure."""
    sys.stdout.write(f"== {what}\n")
    sys.stdout.flush()
    code = subprocess.call([*PYTEST, *arguments], env=dict(os.environ) | environment)
    return 0 if code == 5 and arguments else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
