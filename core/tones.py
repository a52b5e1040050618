"""One table gives every state of every domain its word, icon and tone.

Each app fills it in its ``apps.py``; templates name a state and never choose a colour.
"""

from dataclasses import dataclass

from django.utils.functional import Promise

NEUTRAL, INFO, GOOD, WARN, BAD, MUTED = "neutral", "info", "good", "warn", "bad", "muted"
TONES = (NEUTRAL, INFO, GOOD, WARN, BAD, MUTED)
"""neutral: draft, done · info: waits for somebody else · good: confirmed, paid ·
warn: needs a hand soon · bad: failed, breached · muted: cancelled, expired."""


@dataclass(frozen=True)
class Look:
    """How a state is shown: its word, a Material Symbols icon, a tone of ``TONES``."""

    label: str | Promise
    icon: str
    tone: str


_table: dict[tuple[str, str], Look] = {}


def register(model_label: str, state: str, label: str | Promise, icon: str, tone: str) -> None:
    """Say how ``state`` of a model (``"bookings.booking"``) looks. Raises ValueError for an unknown tone."""
    if tone not in TONES:
        raise ValueError(f"{model_label} {state}: unknown tone {tone}")
    _table[(model_label.lower(), str(state))] = Look(label, icon, tone)


def look(model_label: str, state: str) -> Look:
    """The look of a state; one that nobody registered is shown neutral, by its own word."""
    return _table.get((model_label.lower(), str(state))) or Look(str(state), "circle", NEUTRAL)


def states_of(model_label: str) -> dict[str, Look]:
    """Every registered state of a model, in the order of registration (for filters and legends)."""
    return {state: item for (label, state), item in _table.items() if label == model_label.lower()}
