"""What venues answers to the floors below."""

from staff.registry import register_scope
from venues.scope import VenueScope

register_scope(VenueScope())
