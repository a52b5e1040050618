"""`make lock`: pin requirements*.in with hashes. Names no registry, keeps pins that still fit."""

import subprocess
import sys
from pathlib import Path

UV = Path(sys.executable).parent / "uv"
OPTIONS = "--universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet"


def main() -> None:
    """The runtime first: the other files are held to it."""
    for name in ("requirements", "requirements-dev", "requirements-mysql"):
        command = [str(UV), "pip", "compile", *OPTIONS.split(), f"{name}.in", "--output-file", f"{name}.txt"]
        subprocess.run([*command, *sys.argv[1:]], check=True)


if __name__ == "__main__":
    main()
