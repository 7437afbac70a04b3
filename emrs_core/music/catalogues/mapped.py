"""A stored catalogue's columns mapped from the disk: unpacked once, then read in place by every program that opens it.

Parquet is packed, so its columns cannot be mapped as they are. Beside ``NAME.parquet`` lies ``.NAME.KEY.arrow``: the
same columns in Arrow's own file format, unpacked. KEY says which Parquet file it was made from. One that is missing or
damaged is made anew; where none can be written, the columns are held in memory.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from emrs_core.music.catalogues.columns import FORMAT_VERSION, SCHEMA

SUFFIX: Final = ".arrow"


def mapped_table(parquet: Path, unpack: Callable[[], pa.Table]) -> pa.Table:
    """The columns of that stored file, each in one piece; ``unpack`` reads them from it. Raises what ``unpack`` does.

    Unknown numbers are NaN and unknown whole ones 0: a column with nulls would have to be copied to be used.
    """
    facts = parquet.stat()
    path = parquet.with_name(f".{parquet.stem}.{FORMAT_VERSION}-{facts.st_size:x}-{facts.st_mtime_ns:x}{SUFFIX}")
    with contextlib.suppress(OSError, pa.ArrowException):
        return _mapped(path)
    table = _without_nulls(unpack())
    try:
        _write(table, path)
        _clear(parquet, path)
    except OSError:
        return table  # no space, or a folder that may only be read
    del table
    pa.default_memory_pool().release_unused()
    return _mapped(path)


def remove_mapped(parquet: Path) -> None:
    """Delete what was unpacked of that stored file. Raises OSError."""
    _clear(parquet, None)


def _mapped(path: Path) -> pa.Table:
    """Raises OSError or ArrowException for a file that is missing or damaged."""
    table: pa.Table = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
    table.validate(full=True)  # a wrong offset would else end the program, not raise
    if table.schema.names != SCHEMA.names:
        raise pa.ArrowInvalid(f"expected the columns {SCHEMA.names}, got {table.schema.names}")
    return table


def _write(table: pa.Table, path: Path) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            with pa.ipc.new_file(file, table.schema) as writer:
                writer.write_table(table)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _clear(parquet: Path, kept: Path | None) -> None:
    """Delete what was unpacked of earlier files of that name; a program that still reads one goes on reading it."""
    for path in _unpacked(parquet):
        if path != kept:
            path.unlink(missing_ok=True)


def _unpacked(parquet: Path) -> Iterator[Path]:
    return parquet.parent.glob(f".{parquet.stem}.*{SUFFIX}")


def _without_nulls(table: pa.Table) -> pa.Table:
    for place, field in enumerate(table.schema):
        column = table.column(place)
        if column.null_count and pa.types.is_floating(field.type):
            table = table.set_column(place, field.name, pc.fill_null(column, float("nan")))
        elif column.null_count and pa.types.is_integer(field.type):
            table = table.set_column(place, field.name, pc.fill_null(column, 0))
    return table
