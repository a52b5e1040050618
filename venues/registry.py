"""Questions that venues ask upwards: what would a closure cover?"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class Covered:
    """Something live that a closure would cover, as one line for staff."""

    text: str
    starts_at: datetime
    ends_at: datetime
    url: str = ""


ClosureCheck = Callable[[Sequence[int], Sequence[Stretch]], Iterable[Covered]]
"""``(room ids, half-open UTC stretches)`` → what is live there; called with the rooms locked."""

_closure_checks: dict[str, ClosureCheck] = {}


def register_closure_check(name: str, check: ClosureCheck) -> None:
    """Let an upper app name what a new or wider closure would silently cover."""
    _closure_checks[name] = check


def covered_by(room_ids: Sequence[int], stretches: Sequence[Stretch], limit: int = 20) -> list[Covered]:
    """Everything live in these rooms and times, soonest first, at most ``limit``."""
    found = [item for check in _closure_checks.values() for item in check(room_ids, stretches)]
    return sorted(found, key=lambda item: item.starts_at)[:limit]
