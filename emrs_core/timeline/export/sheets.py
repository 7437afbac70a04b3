"""Tables as CSV, Parquet and XLSX files, written batch by batch."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from emrs_core.timeline.export.tables import Table

FORMULA_START = r"^[=+\-@\t\r\n]"
"""A cell that begins so may run as a formula. Source: OWASP, CSV Injection."""
SHEET_ROWS = 1_048_575  # Excel's limit less the heading; a longer table goes on in a second sheet
CELL_CHARACTERS = 32_767  # Excel's limit; longer text is cut
WIDTH = 14  # of a column, in characters


def write_csv(table: Table, file: IO[bytes]) -> None:
    """UTF-8, comma, heading; text that could run as a formula has an apostrophe before it. The file stays open."""
    with pyarrow.csv.CSVWriter(file, table.schema) as writer:
        for batch in table.batches():
            writer.write_batch(neutralised(batch))


def write_parquet(table: Table, file: IO[bytes]) -> None:
    """Exact values; each column carries its unit and meaning as metadata. The file stays open."""
    with pyarrow.parquet.ParquetWriter(file, table.schema, compression="zstd") as writer:
        for batch in table.batches():
            writer.write_batch(batch)


def write_xlsx(tables: Iterable[Table], file: IO[bytes], aside: Path | None) -> None:
    """One book, a sheet a table; no cell is a formula or a link. Finished rows wait in the folder ``aside``, or all in
    memory for None. The file stays open."""
    import xlsxwriter  # only this format needs it

    options: dict[str, Any] = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with contextlib.ExitStack() as stack:
        if aside is None:
            options["in_memory"] = True
        else:
            folder = stack.enter_context(tempfile.TemporaryDirectory(dir=aside, prefix=".sheets-"))
            options |= {"constant_memory": True, "tmpdir": folder}
        book = stack.enter_context(xlsxwriter.Workbook(file, options))
        bold = book.add_format({"bold": True})
        for table in tables:
            _write_sheets(book, table, bold)


def neutralised(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with an apostrophe before every text that a spreadsheet might run."""
    arrays = [
        pc.replace_substring_regex(column, FORMULA_START, r"'\0") if pa.types.is_string(column.type) else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=batch.schema)


def _write_sheets(book: Any, table: Table, bold: Any) -> None:
    sheet, row = _sheet(book, table, table.name, bold), 0
    for values in _rows(table):
        if row == SHEET_ROWS:
            sheet, row = _sheet(book, table, f"{table.name}_{len(book.worksheets())}", bold), 0
        row += 1
        for column, value in enumerate(values):
            if isinstance(value, str):
                sheet.write_string(row, column, value[:CELL_CHARACTERS])
            elif isinstance(value, bool):
                sheet.write_boolean(row, column, value)
            elif value is not None:
                sheet.write_number(row, column, value)


def _sheet(book: Any, table: Table, name: str, bold: Any) -> Any:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(table.columns) - 1, WIDTH)
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.name, bold)
    return sheet


def _rows(table: Table) -> Iterator[tuple[Any, ...]]:
    for batch in table.batches():
        yield from zip(*(column.to_pylist() for column in neutralised(batch).columns), strict=True)
