"""The only writer of venues, rooms and their rules."""

from venues.services.closures import refuse_covered, stretches_of
from venues.services.imports import import_rooms, import_venues
from venues.services.photos import add_photo, clean_picture
from venues.services.records import check_parts, rules_changed, set_parts

__all__ = [
    "add_photo",
    "check_parts",
    "clean_picture",
    "import_rooms",
    "import_venues",
    "refuse_covered",
    "rules_changed",
    "set_parts",
    "stretches_of",
]
