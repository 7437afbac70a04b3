"""A table of songs from a CSV or Parquet file, a batch of rows at a time, every cell as text."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from emrs_core.errors import CatalogueError
from emrs_core.music.catalogues.records import delimiter_of, records

BATCH_ROWS = 10_000
"""Rows held as text at a time: some 20 MB for a wide table."""
PARQUET_MAGIC = b"PAR1"
FIRST_ROW = 2
"""Rows count as in a spreadsheet: the header is row 1."""
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that is left out: where, in which field and column, what came, and what was expected or is wrong."""

    row: int
    reason: str
    column: str = ""
    value: str = ""

    def __str__(self) -> str:
        if not self.column:
            return f"row {self.row}: {self.reason}"
        return f"row {self.row}, column {self.column}: expected {self.reason}, got {self.value!r}"


@dataclass(frozen=True, slots=True)
class RawBatch:
    """Rows as text: ``cells[column][i]`` belongs to row ``rows[i]``; ``errors`` are lines that are no rows."""

    rows: Sequence[int]
    cells: Mapping[str, Sequence[str]]
    errors: Sequence[RowError] = field(default_factory=tuple)
    done: float = 1.0  # share of the file that is behind, in [0, 1]


class SourceTable:
    """A file of songs that can be read over and over. ``columns`` are the names in its first row."""

    def __init__(self, source: Path | bytes, name: str) -> None:
        """``source`` is a path or the whole file; ``name`` is how errors call it.

        Raises CatalogueError when it cannot be opened, is no table, or names a column twice.
        """
        self.name = name
        self._source = source
        with self._opened() as file:
            self._parquet = file.read(len(PARQUET_MAGIC)) == PARQUET_MAGIC
        self.columns: tuple[str, ...] = self._parquet_columns() if self._parquet else self._csv_columns()
        twice = [column for column in dict.fromkeys(self.columns) if self.columns.count(column) > 1]
        if twice:
            raise CatalogueError(f"{name}: the column {twice[0]!r} stands in the first row twice; rename one of them.")

    def sample(self, rows: int = 1000) -> RawBatch:
        """The first rows, for guessing and for a preview."""
        return next(self.batches(self.columns, rows), RawBatch((), dict.fromkeys(self.columns, ())))

    def batches(self, columns: Sequence[str], rows: int = BATCH_ROWS) -> Iterator[RawBatch]:
        """All rows, those columns. Raises CatalogueError when the file breaks off or is damaged."""
        return self._parquet_batches(columns, rows) if self._parquet else self._csv_batches(columns, rows)

    # -- CSV -----------------------------------------------------------------------------------------------------

    def _csv_columns(self) -> tuple[str, ...]:
        with self._opened() as file:
            first = file.readline().decode("utf-8", errors="replace")
            self._delimiter = delimiter_of(first)
            file.seek(0)
            header = next(records(_lines(file), self._delimiter), "")
        if isinstance(header, str) or not any(cell.strip() for cell in header):
            raise CatalogueError(f"{self.name}: the first row must name the columns; {header or 'the file is empty'}.")
        return tuple(cell.removeprefix(_BYTE_ORDER_MARK).strip() for cell in header)

    def _csv_batches(self, columns: Sequence[str], rows: int) -> Iterator[RawBatch]:
        places = [self.columns.index(column) for column in columns]
        with self._opened() as file:
            size = file.seek(0, io.SEEK_END) or 1
            file.seek(0)
            numbered = enumerate(records(_lines(file), self._delimiter, len(self.columns)), start=1)
            next(numbered, None)
            while chunk := list(islice(numbered, rows)):
                good = [(row, cells) for row, cells in chunk if cells and not isinstance(cells, str)]
                errors = [RowError(row, cells) for row, cells in chunk if isinstance(cells, str)]
                texts = {self.columns[place]: [cells[place] for _, cells in good] for place in places}
                yield RawBatch([row for row, _ in good], texts, errors, min(1.0, file.tell() / size))

    # -- Parquet -------------------------------------------------------------------------------------------------

    def _parquet_columns(self) -> tuple[str, ...]:
        with self._opened() as file, _translated(self.name):
            return tuple(pq.ParquetFile(file).schema_arrow.names)

    def _parquet_batches(self, columns: Sequence[str], rows: int) -> Iterator[RawBatch]:
        with self._opened() as file, _translated(self.name):
            table = pq.ParquetFile(file)
            total, row = table.metadata.num_rows or 1, FIRST_ROW
            for batch in table.iter_batches(rows, columns=list(columns), use_threads=False):
                texts = {name: _as_text(batch.column(name)) for name in columns}
                done = min(1.0, (row + len(batch) - FIRST_ROW) / total)
                yield RawBatch(range(row, row + len(batch)), texts, (), done)
                row += len(batch)

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        if isinstance(self._source, bytes):
            yield io.BytesIO(self._source)
            return
        try:
            with self._source.open("rb") as file:
                yield file
        except OSError as exc:
            raise CatalogueError(
                f"The catalogue {self.name} cannot be opened: {exc.strerror or exc}. Give the path of a CSV or "
                "Parquet file."
            ) from exc


def _lines(file: BinaryIO) -> Iterator[str]:
    """Lines as text. A byte that is no UTF-8 becomes a mark that ``checking`` finds in the cell it spoils."""
    for line in iter(file.readline, b""):  # not the file's own iterator, which would forbid tell()
        yield line.decode("utf-8", errors="surrogateescape")


def _as_text(column: pa.Array) -> list[str]:
    """A column of any type as text; nothing there is empty text, a list its members with commas."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        column = pc.binary_join(pc.cast(column, pa.list_(pa.string())), ", ")
    cells: list[str] = pc.fill_null(pc.cast(column, pa.string()), "").to_pylist()
    return cells


@contextmanager
def _translated(name: str) -> Iterator[None]:
    try:
        yield
    except pa.ArrowException as exc:
        reason = str(exc).partition("\n")[0]
        raise CatalogueError(f"The catalogue {name} is a damaged or foreign Parquet file ({reason}).") from exc
