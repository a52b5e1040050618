"""The only writer of orders, payments and refunds."""

from orders.services.cancelling import cancel_lines, expire_order
from orders.services.paying import complete_order, confirm_free, take_desk_payment
from orders.services.placing import approve_order, place_order, quote
from orders.services.refunding import hand_out_refund, refund_difference
from orders.services.repricing import reprice_line

__all__ = [
    "approve_order",
    "cancel_lines",
    "complete_order",
    "confirm_free",
    "expire_order",
    "hand_out_refund",
    "place_order",
    "quote",
    "refund_difference",
    "reprice_line",
    "take_desk_payment",
]
