"""Money is an integer of fen (1/100 yuan)."""

from collections.abc import Sequence


def percent_of(amount_fen: int, percent: int) -> int:
    """``percent`` of an amount, rounded down to the fen."""
    return amount_fen * percent // 100


def allocate(total_fen: int, weights: Sequence[int]) -> list[int]:
    """Split a sum over lines in proportion to ``weights``; the rest goes to the last line.

    The parts always sum to ``total_fen``. Weights that sum to zero put all on the last line.
    """
    if not weights:
        return []
    whole = sum(weights)
    parts = [total_fen * weight // whole if whole else 0 for weight in weights]
    parts[-1] += total_fen - sum(parts)
    return parts


def show(amount_fen: int) -> str:
    """``124000`` → ``¥1,240.00``; negative amounts carry their sign before the currency."""
    sign = "-" if amount_fen < 0 else ""
    yuan, fen = divmod(abs(amount_fen), 100)
    return f"{sign}¥{yuan:,}.{fen:02d}"
