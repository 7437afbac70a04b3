"""CSV tables read row by row, with errors that name the file, the row, the column and the value."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from emrs_core.errors import DatasetError

FIELD_LIMIT = 1 << 20
"""Longest cell in characters; a row of pixels has about 9,000."""

SHOWN = 40
"""Characters of a wrong value that an error repeats."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table. ``number`` counts from 1 below the header, ``line`` from 1 at the top of the file."""

    path: Path
    number: int
    line: int
    cells: Sequence[str]
    columns: Mapping[str, int]

    def text(self, column: str) -> str:
        """The cell under ``column``. Raises DatasetError when the row ends before it."""
        place = self.columns[column]
        if place >= len(self.cells):
            raise DatasetError(
                f"{self._where(column)}: the row ends after {len(self.cells)} of {len(self.columns)} columns. "
                "The file may be cut short; fetch it again."
            )
        return self.cells[place].strip()

    def integer(self, column: str, low: int, high: int | None) -> int:
        """The cell as a whole number from ``low`` to ``high``. Raises DatasetError."""
        text = self.text(column)
        wanted = f"a whole number from {low} to {high}" if high is not None else f"a whole number of at least {low}"
        try:
            value = int(text)
        except ValueError:
            raise self.problem(column, wanted, text) from None
        if value < low or (high is not None and value > high):
            raise self.problem(column, wanted, text)
        return value

    def one_of(self, column: str, allowed: Sequence[str]) -> str:
        """The cell, which must be one of ``allowed``. Raises DatasetError."""
        text = self.text(column)
        if text not in allowed:
            raise self.problem(column, f"one of {', '.join(allowed)}", text)
        return text

    def problem(self, column: str, wanted: str, got: str) -> DatasetError:
        """The error for a cell of this row that holds something else than it should."""
        shown = got if len(got) <= SHOWN else got[:SHOWN] + "…"
        return DatasetError(f"{self._where(column)}: expected {wanted}, got {shown!r}.")

    def _where(self, column: str) -> str:
        return f"{self.path}, row {self.number} (line {self.line}), column {column!r}"


def read_rows(path: Path, required: Sequence[str]) -> Iterator[Row]:
    """The rows of a CSV file with a header, one at a time; blank lines are passed over.

    Raises DatasetError when the file cannot be opened, is not UTF-8 text or lacks a required column.
    """
    csv.field_size_limit(max(csv.field_size_limit(), FIELD_LIMIT))
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file)
            columns = {name.strip(): place for place, name in enumerate(next(reader, []))}
            missing = [name for name in required if name not in columns]
            if missing:
                raise DatasetError(
                    f"{path} lacks the column {missing[0]!r}: expected a header with {', '.join(required)}, "
                    f"got {', '.join(columns) or 'an empty file'}."
                )
            number = 0
            for cells in reader:
                if cells:
                    number += 1
                    yield Row(path, number, reader.line_num, cells, columns)
    except OSError as exc:
        raise DatasetError(f"{path} cannot be opened: {exc.strerror or exc}. Check the path.") from exc
    except (UnicodeDecodeError, csv.Error) as exc:
        raise DatasetError(f"{path} cannot be read as a CSV table ({exc}).") from exc
