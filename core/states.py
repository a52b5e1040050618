"""State machines as tables: data that can be tested and printed."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from core.errors import WrongState

Transitions = Mapping[str, tuple[frozenset[str], str]]
"""``{action: (states it may start from, state it leads to)}``"""


def target(transitions: Transitions, action: str, state: str) -> str:
    """The state that ``action`` leads to from ``state``.

    Raises WrongState (409, with ``state`` and ``action``) where the table has no such edge.
    """
    sources, destination = transitions[action]
    if state not in sources:
        raise WrongState(
            _("This is not possible in the present state."),
            data={"state": state, "action": action},
        )
    return destination


def possible(transitions: Transitions, state: str) -> list[str]:
    """The actions that ``state`` allows, in the table's order."""
    return [action for action, (sources, _to) in transitions.items() if state in sources]
