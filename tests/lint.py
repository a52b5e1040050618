"""`make lint`: every check that needs no server. All run; the exit code says whether all passed."""

import subprocess
import sys
import time
from pathlib import Path

from core import catalogues

PROGRAMS = Path(sys.executable).parent
PACKAGES = ["core", "timers", "wechat", "staff", "venues", "members", "orders", "bookings", "console", "deploy"]
CHECKS = {
    "ruff": ["ruff", "check", "--quiet", "."],
    "ruff format": ["ruff", "format", "--quiet", "--check", "."],
    "mypy": ["mypy"],
    "import-linter": ["lint-imports"],
    "djLint": ["djlint", "--lint", "--quiet", "templates"],
    "bandit": ["bandit", "--quiet", "--configfile", "pyproject.toml", "--recursive", *PACKAGES],
    "migrations": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
}


def main() -> int:
    """Run the checks one after the other; show the words of those that fail only."""
    catalogues.compile_all()
    failed = [name for name, command in CHECKS.items() if not _passes(name, command)]
    sys.stdout.write(f"lint: {', '.join(failed)} failed\n" if failed else f"lint: {len(CHECKS)} checks passed\n")
    return 1 if failed else 0


def _passes(name: str, command: list[str]) -> bool:
    started = time.monotonic()
    done = subprocess.run([str(PROGRAMS / command[0]), *command[1:]], capture_output=True, text=True, check=False)
    passed = done.returncode == 0
    sys.stdout.write(f"{'ok' if passed else 'FAILED':>6}  {name} ({time.monotonic() - started:.1f} s)\n")
    if not passed:
        sys.stdout.write(done.stdout + done.stderr)
    sys.stdout.flush()
    return passed


if __name__ == "__main__":
    sys.exit(main())
