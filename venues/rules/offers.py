"""What a room costs at least, for lists."""

from venues.rules.bundle import PriceLine, RoomRules


def from_price(rules: RoomRules) -> int:
    """The lowest price per hour (fen) that anybody pays in the room's usual opening hours.

    Rules for a plan or for certain dates are left out; 0 where some hour has no rule.
    """
    if "from_price" not in rules.memo:
        rules.memo["from_price"] = min(_rates(rules), default=0)
    found: int = rules.memo["from_price"]
    return found


def _rates(rules: RoomRules) -> list[int]:
    usual = [line for line in rules.prices if not line.plan_code and not line.first_day and not line.last_day]
    ranked = sorted(usual, key=lambda line: line.rank, reverse=True)
    return [
        _rate(ranked, hours.weekday, minute) for hours in rules.hours for minute in range(hours.opens, hours.closes, 15)
    ]


def _rate(ranked: list[PriceLine], weekday: int, minute: int) -> int:
    fits = (x for x in ranked if weekday in x.weekdays and x.from_minute <= minute < x.to_minute)
    best = next(fits, None)
    return best.hour_fen if best else 0
