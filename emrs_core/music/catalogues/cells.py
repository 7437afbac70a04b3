"""Cells of one column as values, a whole batch at a time: what each should be, and which are not."""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from emrs_core.music.catalogues.columns import FACTOR, FASTEST_BPM, LONGEST_MS, LONGEST_TEXT, YEARS, Kind, Unit
from emrs_core.music.links import is_own_id, is_track_id

UNKNOWN = frozenset({"", "nan", "none", "null", "na", "n/a", "<na>"})
"""How tables write that a fact is missing, in lower case."""
YES, NO = frozenset({"1", "1.0", "true", "yes", "y", "t"}), frozenset({"0", "0.0", "false", "no", "n", "f"})
_FOUR_DIGITS = re.compile(r"(?<!\d)\d{4}(?!\d)")
_IN_ADDRESS = re.compile(r"(?:spotify:track:|open\.spotify\.com/(?:[\w-]+/)?track/)([0-9A-Za-z]{22})(?![0-9A-Za-z])")
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}")
_BROKEN_BYTES = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column's values, and ``bad[i]`` for cells that are not what they should be. Bad cells' values mean nothing."""

    values: Any  # an array, or a list of text
    bad: NDArray[np.bool_]
    known: NDArray[np.bool_]  # whether the cell says anything


def parse(kind: Kind, unit: Unit, cells: Sequence[str]) -> Column:
    """Those cells as that kind of fact."""
    if kind in _NUMBERS:
        return _numbers(cells, FACTOR[unit], _NUMBERS[kind])
    return _READERS[kind].column(cells)


@dataclass(frozen=True, slots=True)
class _Range:
    low: float
    high: float
    above: bool = False  # whether ``low`` itself is too low


_NUMBERS: Mapping[Kind, _Range] = MappingProxyType(
    {
        Kind.SHARE: _Range(0.0, 1.0),
        Kind.TEMPO: _Range(0.0, FASTEST_BPM),
        Kind.DURATION: _Range(0.0, LONGEST_MS, above=True),
    }
)


def _numbers(cells: Sequence[str], factor: float, allowed: _Range) -> Column:
    numbers = pd.to_numeric(pd.Series(cells, dtype=object), errors="coerce").to_numpy(np.float64) * factor
    known = np.ones(len(cells), dtype=bool)
    for row in np.flatnonzero(np.isnan(numbers)).tolist():  # few, in most tables
        known[row] = cells[row].strip().lower() not in UNKNOWN
    with np.errstate(invalid="ignore"):
        inside = (numbers > allowed.low if allowed.above else numbers >= allowed.low) & (numbers <= allowed.high)
    return Column(np.where(known & inside, numbers, np.nan), known & ~inside, known)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one cell; ``read`` answers None for what it cannot be. ``unknown`` stands for a cell that says nothing."""

    read: Callable[[str], Any]
    unknown: Any
    words: frozenset[str] = UNKNOWN  # that say nothing, in lower case

    def column(self, cells: Sequence[str]) -> Column:
        answers = {cell: self._answer(cell.strip()) for cell in set(cells)}  # most cells come many times
        values, bad, known = zip(*(answers[cell] for cell in cells), strict=True) if cells else ((), (), ())
        return Column(list(values), np.array(bad, dtype=bool), np.array(known, dtype=bool))

    def _answer(self, cell: str) -> tuple[Any, bool, bool]:
        """Value, whether it is bad, whether it says anything."""
        if cell.lower() in self.words:
            return self.unknown, False, False
        value = self.read(cell)
        return value, value is None, True


def _name(cell: str) -> str | None:
    """One line of text; a list as programs print it (``['A', 'B']``) or with semicolons as a list for people."""
    if cell.startswith(("['", '["')) and cell.endswith("]"):
        with contextlib.suppress(ValueError, SyntaxError):
            cell = ", ".join(map(str, ast.literal_eval(cell)))
    return _text(cell.replace(";", ", "))


def _text(cell: str) -> str | None:
    text = " ".join(cell.split())
    return text if text and len(text) <= LONGEST_TEXT and not _BROKEN_BYTES.search(text) else None


def _year(cell: str) -> int | None:
    found = _FOUR_DIGITS.search(cell)
    year = int(found[0]) if found else 0
    return year if YEARS[0] <= year <= YEARS[1] else None


def _id(cell: str) -> str:
    """Spotify's id out of an id, a URI or an address, or one of our own; nothing where it is somebody else's."""
    if is_track_id(cell) or is_own_id(cell):
        return cell
    found = _IN_ADDRESS.search(cell)
    return found[1] if found else ""


def _flag(cell: str) -> bool | None:
    word = cell.lower()
    return True if word in YES else False if word in NO else None


def _isrc(cell: str) -> str | None:
    code = cell.replace("-", "").replace(" ", "").upper()
    return code if _ISRC.fullmatch(code) else None


_NOTHING = frozenset({""})  # a song may well be called "None"
_READERS: Mapping[Kind, _Reader] = MappingProxyType(
    {
        Kind.TITLE: _Reader(_text, "", _NOTHING),
        Kind.TEXT: _Reader(_name, "", _NOTHING),
        Kind.YEAR: _Reader(_year, None, UNKNOWN | {"0", "0.0", "0000"}),
        Kind.ID: _Reader(_id, ""),
        Kind.FLAG: _Reader(_flag, None),
        Kind.ISRC: _Reader(_isrc, ""),
    }
)
