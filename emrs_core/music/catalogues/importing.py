"""Bringing a table of songs in: whole, or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from emrs_core.errors import CatalogueError
from emrs_core.music.catalogues.checking import CheckedBatch, check
from emrs_core.music.catalogues.columns import SCHEMA
from emrs_core.music.catalogues.duplicates import Seen
from emrs_core.music.catalogues.mapping import ColumnMapping, guess_mapping
from emrs_core.music.catalogues.reading import RowError, SourceTable
from emrs_core.music.links import OWN_PREFIX

MOST_LISTED = 20_000
"""Row errors that a report keeps, some 5 MB; the others are counted and go to ``on_error`` all the same."""
PREVIEW_ROWS = 200


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of the rows of a table: ``read = added + refused + same_id + same_name``."""

    read: int = 0
    added: int = 0
    refused: int = 0  # rows with an error
    same_id: int = 0  # left out: their id came before
    same_name: int = 0  # left out: their artist and title came before
    without_id: int = 0  # of those added: no Spotify id, so that they have one of our own
    errors: tuple[RowError, ...] = ()  # the first MOST_LISTED, in the order of rows
    reasons: tuple[tuple[str, int], ...] = ()  # column (or what else was wrong) and rows, most first


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows as they would come in. ``songs`` has the columns of ``SCHEMA``."""

    songs: pa.Table
    errors: tuple[RowError, ...]
    rows: int


Progress = Callable[[float], None]
"""Called with the share of the file that is done, in [0, 1]."""


def guess(table: SourceTable) -> ColumnMapping:
    """The likely mapping of that table. Reads its first rows."""
    return guess_mapping(table.columns, table.sample().cells)


def preview(table: SourceTable, mapping: ColumnMapping, rows: int = PREVIEW_ROWS) -> Preview:
    """How the first rows would come in. Raises UsageError when the mapping does not do, CatalogueError as reading."""
    mapping.check(table.columns)
    checked = check(table.sample(rows), mapping)
    songs = pa.Table.from_batches([checked.table], SCHEMA)
    return Preview(songs, tuple(checked.errors), checked.table.num_rows + len(checked.errors))


class Importer:
    """One import: iterate over it for the good rows in stored form, then ask for the ``report``."""

    def __init__(
        self,
        table: SourceTable,
        mapping: ColumnMapping,
        on_progress: Progress | None = None,
        on_error: Callable[[RowError], None] | None = None,
    ) -> None:
        """Raises UsageError when the mapping does not fit the table."""
        mapping.check(table.columns)
        self._table, self._mapping = table, mapping
        self._on_progress, self._on_error = on_progress, on_error
        self._ids, self._names = Seen(), Seen()
        self._counts: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()
        self._errors: list[RowError] = []

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        """Batches of songs, each id and each artist and title once. Raises CatalogueError when there is no good row."""
        for raw in self._table.batches(self._mapping.columns):
            checked = check(raw, self._mapping)
            self._note(checked)
            songs = self._without_duplicates(checked)
            self._counts["added"] += songs.num_rows
            if songs.num_rows:
                yield songs
            if self._on_progress is not None:
                self._on_progress(raw.done)
        if not self._counts["added"]:
            raise CatalogueError(self._nothing())

    @property
    def report(self) -> ImportReport:
        """What became of the rows so far."""
        kinds = ("read", "added", "refused", "same_id", "same_name", "without_id")
        counts = {kind: self._counts[kind] for kind in kinds}
        return ImportReport(**counts, errors=tuple(self._errors), reasons=tuple(self._reasons.most_common()))

    def _note(self, checked: CheckedBatch) -> None:
        self._counts["read"] += checked.table.num_rows + len(checked.errors)
        self._counts["refused"] += len(checked.errors)
        self._errors += checked.errors[: max(0, MOST_LISTED - len(self._errors))]
        self._reasons.update(error.column or "not a row of the table" for error in checked.errors)
        if self._on_error is not None:
            for error in checked.errors:
                self._on_error(error)

    def _without_duplicates(self, checked: CheckedBatch) -> pa.RecordBatch:
        new_id = self._ids.fresh(checked.table.column("id").to_pylist())
        rows = np.flatnonzero(new_id)
        new_name = self._names.fresh(checked.names[row] for row in rows.tolist())
        songs = checked.table.take(pa.array(rows[new_name]))
        self._counts["same_id"] += int(len(new_id) - len(rows))
        self._counts["same_name"] += int(len(rows) - new_name.sum())
        self._counts["without_id"] += pc.sum(pc.starts_with(songs.column("id"), OWN_PREFIX)).as_py() or 0
        return songs

    def _nothing(self) -> str:
        name, read = self._table.name, self._counts["read"]
        if not read:
            return f"{name}: there is no song in the table; add at least one row below the header."
        return f"{name}: none of the {read:,} rows can be used. The first: {self._errors[0]}."
