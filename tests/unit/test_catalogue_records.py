"""Lines as rows: one broken row never costs its neighbours."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.music.catalogues.records import MOST_LINES, NEVER_CLOSED, delimiter_of, records


def read(text: str, width: int | None = 3) -> list[list[str] | str]:
    return list(records(io.StringIO(text, newline=""), ",", width))


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("a,b,c", ["a", "b", "c"]),
        ('"a, b",c,d\r', ["a, b", "c", "d"]),
        ('"say ""hi""",b,', ['say "hi"', "b", ""]),
        ('5" single,b,c', ['5" single', "b", "c"]),
    ],
)
def test_a_row(line: str, cells: list[str]) -> None:
    assert read(line + "\n") == [cells]


def test_a_quoted_cell_may_hold_line_ends() -> None:
    assert read('"one\ntwo\n\nthree",b,c\nd,e,f\n') == [["one\ntwo\n\nthree", "b", "c"], ["d", "e", "f"]]


def test_an_empty_line_is_nothing_but_counts() -> None:
    assert read("a,b,c\n\n  \nd,e,f") == [["a", "b", "c"], [], [], ["d", "e", "f"]]


def test_another_number_of_cells_is_told() -> None:
    assert read("a,b\na,b,c\na,b,c,d\n") == [
        "expected 3 cells as in the first row, got 2",
        ["a", "b", "c"],
        "expected 3 cells as in the first row, got 4",
    ]


def test_an_open_quote_spoils_its_own_line_alone() -> None:
    lines = ['"open,b,c', *(f"{i},b,c" for i in range(MOST_LINES + 10))]
    rows = read("\n".join(lines))
    assert rows[0] == NEVER_CLOSED
    assert rows[1:] == [[str(i), "b", "c"] for i in range(MOST_LINES + 10)]


def test_an_open_quote_that_another_closes_spoils_its_own_line_alone() -> None:
    rows = read('"open,b,c\nd,e,f\n"g",h,i\nj,k,l\n')
    assert isinstance(rows[0], str)
    assert rows[1:] == [["d", "e", "f"], ["g", "h", "i"], ["j", "k", "l"]]


def test_an_open_quote_at_the_end_is_told() -> None:
    assert read('a,b,c\n"d,e,f') == [["a", "b", "c"], NEVER_CLOSED]


@given(st.lists(st.lists(st.text(alphabet='ab",;\n é', max_size=6), min_size=3, max_size=3), max_size=8))
def test_what_a_program_writes_is_read_back(rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    assert read(text.getvalue()) == rows


@pytest.mark.parametrize(("header", "sign"), [("a,b,c", ","), ("a;b,c;d", ";"), ("a\tb", "\t"), ("alone", ",")])
def test_the_sign_between_cells_is_seen_in_the_first_line(header: str, sign: str) -> None:
    assert delimiter_of(header) == sign
