"""`python -m bench [name]`: every bench in a process of its own, or the named one."""

import subprocess
import sys
from pathlib import Path

PARTS = {"__init__", "__main__", "load", "people", "stage", "urls", "wsgi"}


def main(names: list[str]) -> int:
    """Run them one after the other; a failing one is told by the exit code."""
    known = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in PARTS)
    if unknown := set(names) - set(known):
        sys.stderr.write(f"atrium: no bench named {', '.join(unknown)}; there are {', '.join(known)}\n")
        return 2
    return max(subprocess.call([sys.executable, "-m", f"bench.{name}"]) for name in names or known)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
