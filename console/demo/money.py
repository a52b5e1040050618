"""How invented stays were paid for, and the stories of their orders and bookings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bookings.models import Booking
from console.demo.diary import Fate, Stay
from orders.models import Order, OrderLine, Payment, Refund
from orders.rules import kept_fen
from venues.rules import cancellation_kept_percent, freeze_policy

_METHODS = (Payment.Method.CARD, Payment.Method.CARD, Payment.Method.TRANSFER, Payment.Method.CASH)
_OVER = {Fate.COMPLETED, Fate.NO_SHOW}
_UNPAID = {Fate.HELD, Fate.PENDING, Fate.EXPIRED}
_PERIOD_TO_HAND_OUT = timedelta(days=3)


@dataclass(frozen=True)
class Paid:
    """What was paid when, and what came back; ``handed_at`` is None while a refund is owed."""

    status: str
    amount_fen: int = 0
    back_fen: int = 0
    means: tuple[str, str] = ("", "")
    """Method and reference."""
    at: datetime | None = None
    closed_at: datetime | None = None
    handed_at: datetime | None = None


@dataclass(frozen=True)
class Step:
    """One line of a story."""

    of_order: bool
    at: datetime
    action: str
    before: str
    after: str
    actor: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def row(self, model: Any, **subject: Any) -> Any:
        """The event row of a subject."""
        return model(
            at=self.at, action=self.action, from_status=self.before, to_status=self.after, actor=self.actor,
            data=dict(self.data), **subject,
        )  # fmt: skip


def paid_for(stay: Stay, amount_fen: int, at: datetime) -> Paid:
    """How this stay was paid; the same stay is always paid the same way."""
    if stay.fate in (Fate.HELD, Fate.PENDING):
        return Paid(Order.Status.AWAITING_PAYMENT)
    if stay.fate is Fate.EXPIRED:
        return Paid(Order.Status.EXPIRED, closed_at=stay.created_at + timedelta(minutes=15))
    luck = Random(f"{stay.bundle.room_id}/{stay.unit}/{stay.starts_at.timestamp()}")
    paid_at = stay.created_at + timedelta(seconds=luck.randrange(40, 700))
    if stay.fate is Fate.CANCELLED:
        return _cancelled(stay, amount_fen, paid_at, at, luck)
    over = stay.fate in _OVER
    return Paid(
        Order.Status.COMPLETED if over else Order.Status.PAID,
        amount_fen,
        at=paid_at,
        closed_at=over_at(stay) if over else None,
        means=_means(luck),
    )


def over_at(stay: Stay) -> datetime:
    """When a used or missed stay was over for its order."""
    if stay.fate is Fate.NO_SHOW:
        return stay.starts_at + timedelta(minutes=stay.bundle.policy.no_show_minutes)
    return stay.ends_at


def payment(order: Order, paid: Paid, staff: Any) -> Payment:
    """The payment taken at the desk."""
    return Payment(
        order=order,
        method=paid.means[0],
        amount_fen=paid.amount_fen,
        refunded_fen=paid.back_fen,
        reference=paid.means[1],
        received_by=staff,
        received_at=paid.at or order.created_at,
    )


def refund(order: Order, line: OrderLine, source: Payment, paid: Paid, staff: Any) -> Refund:
    """What is owed back, or was handed out."""
    done = paid.handed_at is not None
    return Refund(
        order=order,
        line=line,
        payment=source,
        amount_fen=paid.back_fen,
        state=Refund.State.DONE if done else Refund.State.DUE,
        reason="cancelled",
        created_at=paid.closed_at or order.created_at,
        done_by=staff if done else None,
        done_at=paid.handed_at,
    )


def story(stay: Stay, paid: Paid) -> list[Step]:
    """Everything that happened, in order: first how it came about, then how it ended."""
    return [*_beginning(stay, paid), *_ending(stay, paid)]


def _means(luck: Random) -> tuple[str, str]:
    method = luck.choice(_METHODS)
    reference = "" if method == Payment.Method.CASH else f"{method[:1].upper()}{luck.randrange(10**8):08d}"
    return method.value, reference


def _cancelled(stay: Stay, amount_fen: int, paid_at: datetime, at: datetime, luck: Random) -> Paid:
    last = min(stay.starts_at, at)
    gone = paid_at + (last - paid_at) * luck.random()
    if luck.random() < 0.2 or not amount_fen:
        early = stay.created_at + timedelta(seconds=luck.randrange(30, 600))
        return Paid(Order.Status.CANCELLED, closed_at=early)
    kept = kept_fen(amount_fen, cancellation_kept_percent(freeze_policy(stay.bundle), stay.starts_at, gone))
    back = amount_fen - kept
    if not back:
        return Paid(Order.Status.CANCELLED, amount_fen, at=paid_at, closed_at=gone, means=_means(luck))
    handed = gone + timedelta(hours=luck.randrange(1, 60))
    done = handed < at - _PERIOD_TO_HAND_OUT
    whole = Order.Status.REFUNDED if back == amount_fen else Order.Status.PARTIALLY_REFUNDED
    status = whole if done else Order.Status.REFUNDING
    return Paid(
        status, amount_fen, back, at=paid_at, closed_at=gone, handed_at=handed if done else None, means=_means(luck)
    )


def _beginning(stay: Stay, paid: Paid) -> list[Step]:
    actor = "member" if stay.member else "staff"
    waiting = Order.Status.AWAITING_PAYMENT.value
    approved = stay.bundle.policy.needs_approval and stay.member is not None
    first = Booking.Status.PENDING.value if approved or stay.fate is Fate.PENDING else Booking.Status.HELD.value
    steps = [
        Step(True, stay.created_at, "placed", waiting, waiting, actor),
        Step(False, stay.created_at, "hold", "", first, actor),
    ]
    if paid.at is None:
        return steps
    held = Booking.Status.HELD.value
    if first == Booking.Status.PENDING:
        steps.append(Step(True, paid.at, "approved", waiting, waiting, "system"))
        steps.append(Step(False, paid.at, "approve", first, held, "staff"))
    return [
        *steps,
        *([Step(True, paid.at, "payment", waiting, waiting, "staff", _money_in(paid))] if paid.amount_fen else []),
        Step(True, paid.at, "pay", waiting, Order.Status.PAID.value, "staff"),
        Step(False, paid.at, "confirm", held, Booking.Status.CONFIRMED.value, "system"),
    ]


def _money_in(paid: Paid) -> dict[str, Any]:
    method, reference = paid.means
    return {"method": method, "amount_fen": paid.amount_fen, "reference": reference}


def _ending(stay: Stay, paid: Paid) -> list[Step]:
    confirmed, before = Booking.Status.CONFIRMED.value, Order.Status.PAID.value
    if stay.fate in (Fate.COMPLETED, Fate.CHECKED_IN):
        here = Booking.Status.CHECKED_IN.value
        steps = [Step(False, stay.starts_at, "check_in", confirmed, here, "staff")]
        if stay.fate is Fate.COMPLETED:
            steps.append(Step(False, stay.ends_at, "complete", here, stay.fate.value, "system"))
            steps.append(Step(True, stay.ends_at, "complete", before, paid.status, "system"))
        return steps
    if stay.fate is Fate.NO_SHOW:
        gone = over_at(stay)
        return [
            Step(False, gone, "no_show", confirmed, stay.fate.value, "system"),
            Step(True, gone, "complete", before, paid.status, "system"),
        ]
    return _called_off(stay, paid) if paid.closed_at else []


def _called_off(stay: Stay, paid: Paid) -> list[Step]:
    gone = paid.closed_at or stay.created_at
    was_paid = paid.at is not None
    before = Order.Status.PAID.value if was_paid else Order.Status.AWAITING_PAYMENT.value
    state = Booking.Status.CONFIRMED.value if was_paid else Booking.Status.HELD.value
    expired = stay.fate is Fate.EXPIRED
    word, actor = ("expire", "system") if expired else ("cancel", "member" if stay.member else "staff")
    steps = [Step(False, gone, word, state, stay.fate.value, actor)]
    if not paid.back_fen:
        return [*steps, Step(True, gone, word, before, paid.status, actor)]
    refunding = Order.Status.REFUNDING.value
    steps.append(Step(True, gone, "refund", before, refunding, actor))
    if paid.handed_at:
        settled = "settle_all" if paid.status == Order.Status.REFUNDED else "settle_part"
        steps.append(
            Step(
                True, paid.handed_at, "refund_handed_out", refunding, refunding, "staff", {"amount_fen": paid.back_fen}
            )
        )
        steps.append(Step(True, paid.handed_at, settled, refunding, paid.status, "staff"))
    return steps
