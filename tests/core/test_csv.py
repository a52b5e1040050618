import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import csv as atrium_csv


def parsed(header: list[Any], rows: list[list[Any]]) -> list[list[str]]:
    text = b"".join(atrium_csv.lines(header, [rows])).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "\u3000＝"])
def test_a_text_cell_never_starts_a_formula(start: str) -> None:
    cell = parsed(["name"], [[start + "cmd()"]])[1][0]
    assert cell == "'" + start + "cmd()"


def test_numbers_stay_numbers() -> None:
    assert parsed(["fen"], [[-1200], [3.5], [None]])[1:] == [["-1200"], ["3.5"], [""]]


@given(st.lists(st.lists(st.text(max_size=20), min_size=2, max_size=2), max_size=20))
def test_what_is_written_is_what_is_read(rows: list[list[str]]) -> None:
    expected = [[atrium_csv.neutral(cell) for cell in row] for row in rows]
    assert parsed(["a", "b"], rows)[1:] == expected


def test_the_first_bytes_come_before_any_row_is_read() -> None:
    def never() -> Any:
        raise AssertionError("read too early")
        yield

    assert next(atrium_csv.lines(["a"], never())) == b"\xef\xbb\xbfa\r\n"
