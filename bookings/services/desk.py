"""Booking at the desk: held and, where the guest pays at once, paid in one go."""

from datetime import datetime

from bookings.services.quoting import RoomWish
from core.transactions import unit
from orders import services as orders
from orders.models import Order
from orders.registry import Buyer


@unit
def book_at_desk(
    *, wish: RoomWish, buyer: Buyer, at: datetime, note: str = "", method: str = "", reference: str = ""
) -> Order:
    """Place an order for a member or a walk-in; with a ``method`` all of it is paid, or nothing happens.

    Raises what `orders.services.place_order` and `take_desk_payment` raise.
    """
    wishes = [("room", "lines.0", wish)]
    order = orders.place_order(wishes=wishes, buyer=buyer, at=at, source=Order.Source.CONSOLE, note=note)
    if method and order.payable_fen:
        orders.take_desk_payment(
            order_id=order.pk, method=method, amount_fen=order.payable_fen, by=buyer.staff, at=at, reference=reference
        )
        order.refresh_from_db()
    return order
