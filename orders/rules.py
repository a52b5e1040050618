"""Pure rules of orders: the table of states, sums, how a refund is spread."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from core.states import Transitions

AWAITING, PAID, COMPLETED = "awaiting_payment", "paid", "completed"
CANCELLED, EXPIRED = "cancelled", "expired"
REFUNDING, PARTLY, REFUNDED = "refunding", "partially_refunded", "refunded"

TRANSITIONS: Transitions = {
    "pay": (frozenset({AWAITING}), PAID),
    "expire": (frozenset({AWAITING}), EXPIRED),
    "cancel": (frozenset({AWAITING, PAID, PARTLY, REFUNDING}), CANCELLED),
    "charge": (frozenset({PAID, COMPLETED}), AWAITING),
    "refund": (frozenset({PAID, PARTLY, REFUNDING, CANCELLED, EXPIRED, COMPLETED, AWAITING}), REFUNDING),
    "settle_part": (frozenset({REFUNDING}), PARTLY),
    "settle_all": (frozenset({REFUNDING}), REFUNDED),
    "complete": (frozenset({PAID}), COMPLETED),
}

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_RANDOM_LETTERS = 7


def new_number(at: datetime) -> str:
    """An order number such as ``A261124-7KQ2MZP``: the day, then 31^7 random possibilities."""
    return f"A{at:%y%m%d}-" + "".join(secrets.choice(_LETTERS) for _ in range(_RANDOM_LETTERS))


def kept_fen(payable_fen: int, kept_percent: int) -> int:
    """What is kept of a line; rounded up, so that a refund is rounded down to the fen."""
    return -(-payable_fen * kept_percent // 100)


def spread(amount_fen: int, available_fen: Sequence[int]) -> list[int]:
    """Take an amount from several sources, first come first; raises ValueError beyond their sum."""
    parts = []
    for available in available_fen:
        part = min(amount_fen, available)
        parts.append(part)
        amount_fen -= part
    if amount_fen:
        raise ValueError("more than there is")
    return parts
