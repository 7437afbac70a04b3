"""Cells as facts: what is read, what is unknown, what is refused."""

from __future__ import annotations

import math

import pytest

from emrs_core.music.catalogues.cells import parse
from emrs_core.music.catalogues.columns import LONGEST_TEXT, Kind, Unit
from emrs_core.testing.catalogues import numbered_id


def read(kind: Kind, cell: str, unit: Unit = Unit.PLAIN) -> object:
    """The value; "bad" or "unknown" where it is that."""
    column = parse(kind, unit, [cell])
    if column.bad[0]:
        return "bad"
    return column.values[0] if column.known[0] else "unknown"


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (Kind.SHARE, "0.5", 0.5),
        (Kind.SHARE, " 1 ", 1.0),
        (Kind.SHARE, "5e-1", 0.5),
        (Kind.SHARE, "1.01", "bad"),
        (Kind.SHARE, "-0.1", "bad"),
        (Kind.SHARE, "inf", "bad"),
        (Kind.SHARE, "loud", "bad"),
        (Kind.SHARE, "0,5", "bad"),
        (Kind.SHARE, "NaN", "unknown"),
        (Kind.SHARE, "", "unknown"),
        (Kind.TEMPO, "0", 0.0),
        (Kind.TEMPO, "401", "bad"),
        (Kind.DURATION, "0", "bad"),
        (Kind.DURATION, "86400001", "bad"),
        (Kind.YEAR, "1975", 1975),
        (Kind.YEAR, "2019-06-14", 2019),
        (Kind.YEAR, "14/06/2019 00:00", 2019),
        (Kind.YEAR, "1999.0", 1999),
        (Kind.YEAR, "75", "bad"),
        (Kind.YEAR, "last year", "bad"),
        (Kind.YEAR, "0", "unknown"),
        (Kind.TITLE, "  A\n song ", "A song"),
        (Kind.TITLE, "None", "None"),
        (Kind.TITLE, "['A']; B", "['A']; B"),
        (Kind.TITLE, "", "unknown"),
        (Kind.TITLE, "x" * (LONGEST_TEXT + 1), "bad"),
        (Kind.TITLE, b"caf\xe9".decode("utf-8", "surrogateescape"), "bad"),
        (Kind.TEXT, "['Ed Sheeran', \"Khalid\"]", "Ed Sheeran, Khalid"),
        (Kind.TEXT, "Bob;Marley", "Bob, Marley"),
        (Kind.TEXT, "[untitled]", "[untitled]"),
        (Kind.FLAG, "TRUE", True),
        (Kind.FLAG, "no", False),
        (Kind.FLAG, "1.0", True),
        (Kind.FLAG, "maybe", "bad"),
        (Kind.FLAG, "", "unknown"),
        (Kind.ISRC, "gb-ayE-69-00534", "GBAYE6900534"),
        (Kind.ISRC, "12", "bad"),
        (Kind.ID, numbered_id(3), numbered_id(3)),
        (Kind.ID, f"spotify:track:{numbered_id(3)}", numbered_id(3)),
        (Kind.ID, f"https://open.spotify.com/intl-de/track/{numbered_id(3)}?si=abc", numbered_id(3)),
        (Kind.ID, "4711", ""),  # somebody else's number: no Spotify id
    ],
)
def test_a_cell(kind: Kind, cell: str, value: object) -> None:
    assert read(kind, cell) == value


def test_units_are_taken_to_what_is_stored() -> None:
    assert read(Kind.SHARE, "55", Unit.PERCENT) == pytest.approx(0.55)
    assert read(Kind.SHARE, "101", Unit.PERCENT) == "bad"
    assert read(Kind.DURATION, "211.5", Unit.SECONDS) == pytest.approx(211_500)


def test_a_column_keeps_its_order_and_no_cells_are_a_column_too() -> None:
    column = parse(Kind.SHARE, Unit.PLAIN, ["0.25", "x", "", "0.75"])
    assert column.bad.tolist() == [False, True, False, False]
    assert column.known.tolist() == [True, True, False, True]
    assert [None if math.isnan(value) else value for value in column.values] == [0.25, None, None, 0.75]
    for kind in Kind:
        assert len(parse(kind, Unit.PLAIN, []).bad) == 0
