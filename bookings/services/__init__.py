"""The only writer of bookings and their claims."""

from bookings.services.desk import book_at_desk
from bookings.services.lifecycle import (
    approve,
    check_in,
    check_in_by_code,
    complete,
    confirm,
    end_early,
    give_back,
    hold,
    reject,
    release_no_show,
    remind,
    waive_strike,
)
from bookings.services.moving import move_booking
from bookings.services.quoting import Occurrence, RoomWish, quote_rooms
from bookings.services.series import cancel_series, move_series

__all__ = [
    "Occurrence",
    "RoomWish",
    "approve",
    "book_at_desk",
    "cancel_series",
    "check_in",
    "check_in_by_code",
    "complete",
    "confirm",
    "end_early",
    "give_back",
    "hold",
    "move_booking",
    "move_series",
    "quote_rooms",
    "reject",
    "release_no_show",
    "remind",
    "waive_strike",
]
