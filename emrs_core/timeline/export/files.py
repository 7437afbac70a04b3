"""Writing a session's files so that they are all there or none: written aside, synced, then moved into place."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from enum import StrEnum
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import IO

import pyarrow as pa

from emrs_core.errors import StorageError
from emrs_core.timeline.export.json_file import write_json
from emrs_core.timeline.export.sheets import write_csv, write_parquet, write_xlsx
from emrs_core.timeline.export.tables import SAMPLES, Table, tables_of
from emrs_core.timeline.sessions import Timeline

STEM_CHARS = 64  # of a file's name


class ExportFormat(StrEnum):
    """The four forms. CSV and Parquet are a file a table, XLSX one book, JSON one file that can be imported again."""

    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"
    JSON = "json"


def export_session(
    timeline: Timeline, form: ExportFormat, folder: Path, on_samples: Callable[[int], None] = lambda _: None
) -> tuple[Path, ...]:
    """Write the session's files into ``folder`` (made if need be) and return their paths; older ones are replaced.

    Memory stays bounded by the session's own columns. ``on_samples`` is told how many samples were written now.
    Raises StorageError; then no file has changed.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _aside(folder) as aside:
            _write(timeline, form, lambda name: (aside / name).open("wb"), aside, on_samples)
            written = sorted(aside.iterdir())
            for path in written:
                _sync(path)
            return tuple(path.replace(folder / path.name) for path in written)
    except OSError as exc:
        raise StorageError(
            f"Could not write the export into {folder}: {exc.strerror or exc}. "
            "Check that the folder is writable and has space."
        ) from exc


def export_in_memory(timeline: Timeline, form: ExportFormat) -> dict[str, bytes]:
    """The same files by name, made without touching the disk. Memory grows with them."""
    files: dict[str, bytes] = {}

    @contextlib.contextmanager
    def create(name: str) -> Iterator[IO[bytes]]:
        content = io.BytesIO()
        yield content
        files[name] = content.getvalue()

    _write(timeline, form, create, None, lambda _: None)
    return files


def _write(
    timeline: Timeline,
    form: ExportFormat,
    create: Callable[[str], AbstractContextManager[IO[bytes]]],
    aside: Path | None,
    on_samples: Callable[[int], None],
) -> None:
    """Each file into what ``create`` gives for its name; ``aside`` is a folder for what does not fit in memory."""
    stem = file_stem(timeline.info.id)
    if form is ExportFormat.JSON:
        with create(f"{stem}.json") as file:
            write_json(timeline, file)
        on_samples(len(timeline.samples))
    elif form is ExportFormat.XLSX:
        with create(f"{stem}.xlsx") as file:
            write_xlsx(_counted(timeline, on_samples), file, aside)
    else:
        write = write_csv if form is ExportFormat.CSV else write_parquet
        for table in _counted(timeline, on_samples):
            with create(f"{stem}-{table.name}.{form}") as file:
                write(table, file)


def _counted(timeline: Timeline, on_samples: Callable[[int], None]) -> Iterator[Table]:
    """The session's tables; ``on_samples`` hears of each batch of samples once it is written."""

    def batches(samples: Table) -> Iterator[pa.RecordBatch]:
        for batch in samples.batches():
            yield batch
            on_samples(batch.num_rows)

    for table in tables_of(timeline):
        yield replace(table, batches=partial(batches, table)) if table.name == SAMPLES else table


def file_stem(text: str) -> str:
    """A session's id or a participant's code as a file name, another for each: a code may hold anything."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "_" for c in text)[:STEM_CHARS]
    if plain and plain == text:
        return plain
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{plain}-{digest}" if plain else digest


@contextlib.contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(dir=folder, prefix=".export-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
