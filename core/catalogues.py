"""Compile the translations: `locale/<app>/…/django.po` → `django.mo`, only where the text changed.

`python -m core.catalogues` needs Babel and neither Django nor gettext.
"""

import os
import sys
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent


def compile_all(root: Path = ROOT) -> list[Path]:
    """Compile every catalogue under ``root/locale`` that is newer than its result; answers what was compiled."""
    catalogues = sorted((root / "locale").glob("*/*/LC_MESSAGES/*.po"))
    stale = [source for source in catalogues if _is_stale(source)]
    for source in stale:
        _compile(source)
    return stale


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns != source.stat().st_mtime_ns


def _compile(source: Path) -> None:
    """Write beside and rename, so that a reader never meets half a catalogue; the same time marks the same text."""
    with source.open("rb") as text:
        catalogue = read_po(text, locale=source.parts[-3])
    handle, fresh = tempfile.mkstemp(dir=source.parent, suffix=".new")
    with os.fdopen(handle, "wb") as result:
        write_mo(result, catalogue)
    stamp = source.stat()
    os.utime(fresh, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    Path(fresh).chmod(0o644)
    Path(fresh).replace(source.with_suffix(".mo"))


if __name__ == "__main__":
    for path in compile_all():
        sys.stdout.write(f"compiled {path.relative_to(ROOT)}\n")
