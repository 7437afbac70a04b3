"""Recorded ratings: who gave what to which item, when and in what mood; and reading them from two tables."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emrs_core.errors import DataError, UsageError

EVENT_COLUMNS = ("user_id", "item_id", "timestamp", "rating", "valence", "arousal")
MOST_FEATURES = 12
"""Directions kept of the items' facts: a person's own weights for more could not be learned from their ratings."""
LENGTH = 8.0
"""Squared length of an item's facts that the priors are made for; longer rows are scaled down to it."""
Note = Callable[[DataError], object]


class LeftOutError(DataError):
    """A column that is no use here; nothing is wrong with it."""


@dataclass(frozen=True, slots=True, eq=False)
class RatingLog:
    """n ratings in order of time, of items with K facts."""

    user: NDArray[np.intp]  # (n,) numbers from 0
    item: NDArray[np.intp]  # (n,) rows of ``features``
    t: NDArray[np.float64]  # (n,) seconds
    rating: NDArray[np.float64]  # (n,)
    mood: NDArray[np.float64]  # (n, 2) valence and arousal before, 0 where unknown
    features: NDArray[np.float64]  # (items, K) standardised, at right angles to each other

    def __len__(self) -> int:
        return len(self.rating)


def read_log(events: Path, items: Path, note: Note) -> RatingLog:
    """The log of two CSV tables with the columns of ``EVENT_COLUMNS`` (more are ignored), and ``item_id`` with numbers.

    ``note`` is told of each row or cell that cannot be used, by file, row (the header is row 1) and column; the others
    are read. Columns of the items that mostly hold words are left out, which it is told as a LeftOutError.
    Raises DataError when a table cannot be read at all, lacks a column, or leaves nothing.
    """
    row_of, features = _items(items, note)
    users: dict[str, int] = {}
    rows: list[tuple[float, float, float, float]] = []
    who: list[tuple[int, int]] = []
    for where, cells in _rows(events, EVENT_COLUMNS):
        try:
            row = _event(cells, where)
            if cells["item_id"] not in row_of:
                raise DataError(f"{where}, column item_id: {cells['item_id']!r} is not in {items}.")
            if not cells["user_id"]:
                raise DataError(f"{where}, column user_id: expected a name, got nothing.")
        except DataError as exc:
            note(exc)
            continue
        rows.append(row)
        who.append((users.setdefault(cells["user_id"], len(users)), row_of[cells["item_id"]]))
    if not rows:
        raise DataError(f"{events}: no row can be used; expected the columns {', '.join(EVENT_COLUMNS)} with ratings.")
    table, numbers = np.array(rows), np.array(who, dtype=np.intp)
    order = np.argsort(table[:, 0], kind="stable")  # the file's own order where times are alike
    table, numbers = table[order], numbers[order]
    return RatingLog(numbers[:, 0], numbers[:, 1], table[:, 0], table[:, 1], table[:, 2:], features)


def parse_time(text: str) -> float:
    """Seconds from a number or from ISO 8601 (UTC where it names no zone). Raises UsageError."""
    try:
        seconds = float(text)
    except ValueError:
        try:
            moment = datetime.fromisoformat(text.strip())
        except ValueError:
            seconds = math.nan
        else:
            seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    if not math.isfinite(seconds):
        raise UsageError(f"expected seconds or a time like 2026-05-01T12:00:00Z, got {text!r}")
    return seconds


def _rows(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [column for column in needed if column not in (reader.fieldnames or ())]
            if missing:
                raise DataError(f"{path}: the first row must name {', '.join(needed)}; missing: {', '.join(missing)}.")
            for number, cells in enumerate(reader, start=2):
                yield f"{path}, row {number}", {k: (v or "").strip() for k, v in cells.items() if k is not None}
    except OSError as exc:
        raise DataError(f"{path} cannot be read: {exc.strerror or exc}.") from exc
    except (csv.Error, UnicodeDecodeError) as exc:
        raise DataError(f"{path} is not a CSV table in UTF-8 ({exc}).") from exc


def _event(cells: Mapping[str, str], where: str) -> tuple[float, float, float, float]:
    try:
        when = parse_time(cells["timestamp"])
    except UsageError as exc:
        raise DataError(f"{where}, column timestamp: {exc}.") from None
    rating = _number(cells["rating"])
    if rating is None or not math.isfinite(rating):
        raise DataError(f"{where}, column rating: expected a number, got {cells['rating']!r}.")
    return when, rating, _mood(cells, "valence", where), _mood(cells, "arousal", where)


def _mood(cells: Mapping[str, str], column: str, where: str) -> float:
    if not cells[column]:
        return 0.0
    value = _number(cells[column])
    if value is None or not -1.0 <= value <= 1.0:
        raise DataError(f"{where}, column {column}: expected -1 to 1, or nothing, got {cells[column]!r}.")
    return value


def _items(path: Path, note: Note) -> tuple[dict[str, int], NDArray[np.float64]]:
    row_of: dict[str, int] = {}
    found: list[tuple[str, dict[str, str]]] = []
    for where, cells in _rows(path, ("item_id",)):
        if not cells["item_id"] or cells["item_id"] in row_of:
            problem = "stands in an earlier row already" if cells["item_id"] else "is empty"
            note(DataError(f"{where}, column item_id: {cells['item_id']!r} {problem}."))
            continue
        row_of[cells["item_id"]] = len(found)
        found.append((where, cells))
    if not found:
        raise DataError(f"{path}: there is no item in the table.")
    columns = [_column(name, found, path, note) for name in found[0][1] if name != "item_id"]
    return row_of, _turned([column for column in columns if column is not None], len(found))


def _column(name: str, rows: list[tuple[str, dict[str, str]]], path: Path, note: Note) -> list[float] | None:
    """The numbers of a column, NaN where there is none; None for a column of words."""
    values = [_number(cells.get(name, "")) for _, cells in rows]
    wrong = [i for i, (value, (_, cells)) in enumerate(zip(values, rows, strict=True)) if value is None and cells[name]]
    if 2 * len(wrong) > sum(bool(cells.get(name)) for _, cells in rows):
        note(LeftOutError(f"{path}, column {name}: mostly words, left out."))
        return None
    for i in wrong:
        note(DataError(f"{rows[i][0]}, column {name}: expected a number, got {rows[i][1][name]!r}; taken as unknown."))
    return [math.nan if value is None else value for value in values]


def _turned(columns: list[list[float]], items: int) -> NDArray[np.float64]:
    """Standardised, unknown as the mean, turned to their main directions (a rotation that changes no forecast)."""
    table: NDArray[np.float64] = np.array(columns, dtype=np.float64).reshape(len(columns), items).T
    table[~np.isfinite(table)] = np.nan
    known = ~np.isnan(table).all(axis=0)
    table = table[:, known]
    deviation = np.nanstd(table, axis=0)
    table = table[:, deviation > 0]
    table = np.nan_to_num((table - np.nanmean(table, axis=0)) / deviation[deviation > 0])
    if not table.shape[1]:
        return np.zeros((items, 0))
    _, _, directions = np.linalg.svd(table, full_matrices=False)
    return np.asarray(table @ directions[:MOST_FEATURES].T * min(1.0, math.sqrt(LENGTH / table.shape[1])))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
