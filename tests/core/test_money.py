from hypothesis import given
from hypothesis import strategies as st

from core import money


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_allocated_parts_always_sum_to_the_total(total: int, weights: list[int]) -> None:
    assert sum(money.allocate(total, weights)) == total


def test_the_rest_goes_to_the_last_line() -> None:
    assert money.allocate(100, [1, 1, 1]) == [33, 33, 34]


def test_money_is_shown_with_separators_and_a_leading_sign() -> None:
    assert [money.show(v) for v in (124000, -5, 0)] == ["¥1,240.00", "-¥0.05", "¥0.00"]
