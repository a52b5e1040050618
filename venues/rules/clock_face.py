"""Minutes of the day as people write them."""

import re

DAY = 1440
_WRITTEN = re.compile(r"(\d{1,2})[:：](\d{2})\Z", re.ASCII)


def show_minute(minute: int) -> str:
    """``540`` → ``09:00``; the end of the day is ``24:00``."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def read_minute(text: str) -> int | None:
    """``9:00`` → ``540``; None for what is no time on the quarter-hour between 00:00 and 24:00."""
    found = _WRITTEN.match(text.strip())
    if not found or int(found[2]) > 59:
        return None
    minute = int(found[1]) * 60 + int(found[2])
    return minute if minute <= DAY and minute % 15 == 0 else None
