"""What may be done to a subject, as its page shows it: possible now, or disabled with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Action:
    """One button. ``says`` tells what will happen; ``form`` has what must be entered first.

    ``why_not`` is empty where the action is possible; ``danger`` colours what cannot be undone.
    """

    name: str
    label: str | Promise
    icon: str
    why_not: str | Promise = ""
    says: str | Promise = ""
    form: Any = None
    primary: bool = False
    danger: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)


def possible(actions: Sequence[Action], name: str) -> Action | None:
    """The action of that name, where it is possible now."""
    return next((item for item in actions if item.name == name and not item.why_not), None)
