"""The cards of the home page: each app's figure, for the roles that may open its list."""

from datetime import datetime
from typing import Any

from core import home


def cards_for(user: Any, *, venue: Any, at: datetime) -> list[home.Card]:
    """Every card the user may see, in order; cards without a figure are left out."""
    made = [item.make(user, venue, at) for item in home.all_cards() if user.has_perm(item.permission)]
    return [card for card in made if card is not None]
