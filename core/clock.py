"""The one clock.

Entrances read ``now()`` and pass it down as ``at``; nothing else reads the time.
In the local profile ``manage.py clock advance`` moves ``now()`` for every process by an
offset kept in one small file; signatures, nonces and sessions use ``real_now()``.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

_NONE = timedelta(0)
_seen: tuple[str, int, timedelta] = ("", 0, _NONE)


def real_now() -> datetime:
    """The machine's own time, UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """Atrium's time, UTC: the machine's time plus the training offset, if there is one."""
    return datetime.now(UTC) + offset()


def offset() -> timedelta:
    """How far Atrium's clock was moved; zero outside the local profile."""
    global _seen
    path = settings.CLOCK_FILE
    if path is None:
        return _NONE
    try:
        stamp = path.stat().st_mtime_ns
    except FileNotFoundError:
        return _NONE
    if _seen[:2] != (str(path), stamp):
        _seen = (str(path), stamp, _read(path))
    return _seen[2]


def set_offset(value: timedelta) -> None:
    """Move the clock for every process of this instance (local profile only).

    Raises RuntimeError where the profile has no movable clock.
    """
    path = settings.CLOCK_FILE
    if path is None:
        raise RuntimeError("The clock can be moved in the local profile only.")
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"offset_s": value.total_seconds()}))
    fresh.replace(path)


def _read(path: Path) -> timedelta:
    data: dict[str, Any] = json.loads(path.read_text() or "{}")
    return timedelta(seconds=float(data.get("offset_s", 0)))
