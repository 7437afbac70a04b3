"""Moments of a session as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.errors import UsageError
from emrs_core.ui.times import clock, read_clock


@pytest.mark.parametrize(
    ("t_s", "whole", "tenths"),
    [(0, "0:00", "0:00.0"), (65.26, "1:05", "1:05.3"), (3723.5, "1:02:03", "1:02:03.5"), (59.97, "0:59", "1:00.0")],
)
def test_a_moment_in_minutes_and_hours(t_s: float, whole: str, tenths: str) -> None:
    assert clock(t_s) == whole
    assert clock(t_s, tenths=True) == tenths


def test_before_the_beginning() -> None:
    assert clock(-65) == "\N{MINUS SIGN}1:05"


@given(st.integers(0, 400_000))
def test_what_is_written_is_read_back(steps: int) -> None:
    assert read_clock(clock(steps / 10, tenths=True)) == pytest.approx(steps / 10)


@pytest.mark.parametrize(("text", "t_s"), [("125", 125), (" 2:05 ", 125), ("2:05,5", 125.5), ("90:00", 5400)])
def test_other_ways_to_write_it(text: str, t_s: float) -> None:
    assert read_clock(text) == t_s


@pytest.mark.parametrize("text", ["", "soon", "1:", ":5", "1:60", "1:2:3:4", "-5", "nan", "1:60:00", "1.5:00", "inf"])
def test_anything_else_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(UsageError, match="2:05"):
        read_clock(text)
