"""Who answers for a kind of order line: exactly one handler a kind, announced by apps above."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from members.models import Member
from orders.models import Order, OrderLine


@dataclasses.dataclass(frozen=True)
class Buyer:
    """For whom: a member, or a guest without an account; ``staff`` books at the desk."""

    member: Member | None = None
    guest_name: str = ""
    guest_phone: str = ""
    staff: Any = None

    @property
    def plan_code(self) -> str:
        """The member's plan, or nothing."""
        plan = self.member.plan if self.member else None
        return plan.code if plan else ""


@dataclasses.dataclass(frozen=True)
class Quoted:
    """One priced line. ``conflicts`` are the reasons it cannot be had (problem-like dicts)."""

    kind: str
    venue_id: int
    title: str
    amount_fen: int
    why: Sequence[Mapping[str, Any]]
    wish: Any
    field: str
    conflict: Any = None
    needs_approval: bool = False
    hold_minutes: int | None = None
    more: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Quote:
    """What lines would cost; nothing is held."""

    lines: Sequence[Quoted]
    total_fen: int
    discount_fen: int
    payable_fen: int


class LineHandler(Protocol):
    """What an app does for its kind of line, inside the caller's transaction."""

    def parse(self, raw: Mapping[str, Any]) -> Any:
        """A validated wish; raises serializers.ValidationError."""

    def quote(self, *, wishes: Sequence[tuple[str, Any]], buyer: Buyer, at: datetime, lock: bool) -> list[Quoted]:
        """Price wishes (with their field paths). With ``lock`` the scarce rows are locked first."""

    def hold(self, *, order: Order, pairs: Sequence[tuple[OrderLine, Quoted]], buyer: Buyer, at: datetime) -> None:
        """Claim everything or raise; nothing is confirmed yet."""

    def confirm(self, *, order: Order, lines: Sequence[OrderLine], at: datetime) -> None:
        """The order is paid."""

    def release(self, *, order: Order, lines: Sequence[OrderLine], at: datetime, action: str, by: Any) -> None:
        """Give back what was claimed; ``action`` is ``expire`` or ``cancel``. Idempotent."""

    def kept_percent(self, *, line: OrderLine, at: datetime) -> int:
        """What the frozen policy keeps when the line is cancelled now; raises WrongState."""

    def describe(self, *, lines: Sequence[OrderLine]) -> dict[int, Any]:
        """Line id → the object behind it as the API shows it."""


_handlers: dict[str, LineHandler] = {}


def register(kind: str, handler: LineHandler) -> None:
    """Announce the handler of a kind. Raises ValueError for a second one."""
    if kind in _handlers and _handlers[kind] is not handler:
        raise ValueError(f"{kind} already has a handler")
    _handlers[kind] = handler


def get(kind: str) -> LineHandler:
    """The handler of a kind. Raises LookupError."""
    return _handlers[kind]


def kinds() -> list[str]:
    """Every kind that can be ordered."""
    return sorted(_handlers)
