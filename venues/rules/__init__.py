"""Pure rules of venues: hours, closures, holidays, windows and prices. No queries, no clock."""

from venues.rules.bundle import Hours, Policy, PriceLine, RoomRules, Shut
from venues.rules.closures import closed_reason
from venues.rules.hours import day_slots, open_between
from venues.rules.policy import cancellation_kept_percent, check_window, explain, freeze_policy
from venues.rules.prices import Price, price, why_text
from venues.rules.slots import SLOT_SECONDS, local_date, slot_instant, slot_of, slots_between

__all__ = [
    "SLOT_SECONDS",
    "Hours",
    "Policy",
    "Price",
    "PriceLine",
    "RoomRules",
    "Shut",
    "cancellation_kept_percent",
    "check_window",
    "closed_reason",
    "day_slots",
    "explain",
    "freeze_policy",
    "local_date",
    "open_between",
    "price",
    "slot_instant",
    "slot_of",
    "slots_between",
    "why_text",
]
