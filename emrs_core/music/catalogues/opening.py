"""A catalogue out of a file: one of ours as it is, anybody else's checked row by row first."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from emrs_core.errors import CatalogueError
from emrs_core.music.catalogues.columns import FORMAT_VERSION, METADATA_KEY, SCHEMA
from emrs_core.music.catalogues.importing import Importer, ImportReport, guess
from emrs_core.music.catalogues.mapped import mapped_table
from emrs_core.music.catalogues.mapping import ColumnMapping
from emrs_core.music.catalogues.reading import PARQUET_MAGIC, RowError, SourceTable
from emrs_core.music.catalogues.table import TableCatalogue

NAMES = ("artist", "genre")
"""Columns that repeat: kept as numbers into a list of names."""


def open_catalogue(path: Path, *, mapped: bool = False) -> tuple[TableCatalogue, ImportReport]:
    """The songs of a CSV or Parquet file with the columns as ``guess`` finds them, and what became of its rows.

    ``mapped`` is for files of the store: see ``open_stored``.

    Raises CatalogueError when the file cannot be read, lacks a column that every song needs, or holds no song.
    """
    facts = stored_facts(path)
    if facts is not None and facts.get("version") == FORMAT_VERSION:
        catalogue = open_stored(path, mapped=mapped)
        return catalogue, ImportReport(read=len(catalogue), added=len(catalogue))
    table = SourceTable(path, str(path))
    mapping = guess(table)
    if mapping.missing:
        raise CatalogueError(
            f"{path}: no column was found for {', '.join(mapping.missing)}; it has {', '.join(table.columns)}. Rename "
            "its columns, or bring it in with `catalogue import` and say which column is which."
        )
    return catalogue_of(table, mapping)


def catalogue_of(
    table: SourceTable, mapping: ColumnMapping, on_error: Callable[[RowError], None] | None = None
) -> tuple[TableCatalogue, ImportReport]:
    """The songs of that table in memory, without storing them. Raises as ``open_catalogue``."""
    importer = Importer(table, mapping, on_error=on_error)
    songs = pa.Table.from_batches(list(importer), SCHEMA)
    return TableCatalogue(songs), importer.report


def open_stored(path: Path, *, mapped: bool = False) -> TableCatalogue:
    """The songs of a file that ``CatalogueStore`` wrote, with no check of its rows. Raises CatalogueError.

    ``mapped``: its columns are unpacked beside it once, and stay on the disk from then on; else they are in memory.
    """
    with _translated(path):
        table = mapped_table(path, lambda: _unpacked(path)) if mapped else _unpacked(path)
        catalogue = TableCatalogue(table)
        del table
        pa.default_memory_pool().release_unused()
        return catalogue


def _unpacked(path: Path) -> pa.Table:
    columns = {}
    with pq.ParquetFile(path, memory_map=True, read_dictionary=list(NAMES)) as file:
        for name in SCHEMA.names:  # one after the other, so that only one is ever there twice
            columns[name] = file.read([name], use_threads=False).column(name).combine_chunks()
    return pa.table(columns)


def stored_facts(path: Path) -> dict[str, Any] | None:
    """What a stored table says of itself (version, name, source, counts); None for any other file.

    Raises CatalogueError when the file cannot be opened, or is Parquet and damaged.
    """
    with _translated(path):
        with path.open("rb") as file:
            if file.read(len(PARQUET_MAGIC)) != PARQUET_MAGIC:
                return None
        written = (pq.read_metadata(path).metadata or {}).get(METADATA_KEY)
        facts = json.loads(written) if written else None
        return facts if isinstance(facts, dict) else None


@contextmanager
def _translated(path: Path) -> Any:
    try:
        yield
    except FileNotFoundError as exc:
        raise CatalogueError(
            f"The catalogue {path} cannot be opened: {exc.strerror}. Give the path of a CSV or Parquet file."
        ) from exc
    except (pa.ArrowException, OSError, KeyError, json.JSONDecodeError) as exc:
        reason = str(exc).partition("\n")[0]
        raise CatalogueError(f"The catalogue {path} is damaged ({reason}). Import it again.") from exc
