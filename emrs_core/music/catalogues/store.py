"""The catalogues that were brought in: a Parquet file each in one folder, and which of them is used."""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from emrs_core.errors import CatalogueError, StorageError, UsageError
from emrs_core.music.catalogues.columns import FORMAT_VERSION, METADATA_KEY, SCHEMA
from emrs_core.music.catalogues.importing import Importer, ImportReport, Progress
from emrs_core.music.catalogues.mapped import remove_mapped
from emrs_core.music.catalogues.mapping import ColumnMapping
from emrs_core.music.catalogues.opening import open_catalogue, stored_facts
from emrs_core.music.catalogues.reading import RowError, SourceTable
from emrs_core.music.catalogues.table import TableCatalogue
from emrs_core.storage import write_atomically

BUILTIN = "built-in"
"""The name under which the songs that come with the program are chosen."""
CHOICE_FILE = "chosen.json"
SUFFIX = ".parquet"
ROW_GROUP_ROWS = 100_000
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


@dataclass(frozen=True, slots=True)
class StoredCatalogue:
    """What is known of a stored catalogue without reading its songs."""

    name: str
    path: Path
    songs: int
    source: str  # the name of the file it came from
    imported_at: str  # ISO 8601
    size_bytes: int


class CatalogueStore:
    """A folder of catalogues. Any thread, any process: files are replaced whole, never written to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(
        self,
        name: str,
        table: SourceTable,
        mapping: ColumnMapping,
        on_progress: Progress | None = None,
        on_error: Callable[[RowError], None] | None = None,
    ) -> ImportReport:
        """Import that table under that name; one of the same name is replaced, at the end and at once.

        Raises UsageError for a name that cannot be one or a mapping that does not fit, CatalogueError when nothing in
        the table can be used or the file breaks off, StorageError when the folder cannot be written. Then nothing has
        changed.
        """
        path = self.path_of(name)
        importer = Importer(table, mapping, on_progress, on_error)
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor, temporary = tempfile.mkstemp(dir=self.folder, prefix=f".{name}.", suffix=".part")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    _write(file, importer, Path(table.name).name)
                Path(temporary).replace(path)
            except BaseException:
                with contextlib.suppress(OSError):
                    Path(temporary).unlink()
                raise
        except OSError as exc:
            raise StorageError(
                f"Could not store the catalogue in {self.folder}: {exc.strerror or exc}. Check that the folder is "
                "writable and has space."
            ) from exc
        return importer.report

    def list(self) -> tuple[StoredCatalogue, ...]:
        """All stored catalogues by name; a damaged one is listed with no songs, so that it can be removed."""
        return tuple(self._described(path) for path in sorted(self.folder.glob(f"*{SUFFIX}")))

    def open(self, name: str) -> TableCatalogue:
        """The songs of that catalogue. Raises CatalogueError when it is missing or damaged."""
        return open_catalogue(self.path_of(name), mapped=True)[0]

    def path_of(self, name: str) -> Path:
        """Where a catalogue of that name is or would be. Raises UsageError for what cannot be a name."""
        if name == BUILTIN or not _NAME.fullmatch(name):
            raise UsageError(
                f"A catalogue's name has 1 to 60 lower-case letters, digits, - and _, and is not {BUILTIN!r}; "
                f"got {name!r}."
            )
        return self.folder / f"{name}{SUFFIX}"

    @property
    def chosen(self) -> str:
        """The catalogue that is used: BUILTIN until another is chosen. Raises CatalogueError for a damaged choice."""
        path = self.folder / CHOICE_FILE
        try:
            name = json.loads(path.read_text(encoding="utf-8"))["catalogue"]
        except FileNotFoundError:
            return BUILTIN
        except (OSError, ValueError, KeyError, TypeError) as exc:
            raise CatalogueError(
                f"{path}, which says what catalogue to use, cannot be read ({type(exc).__name__}). Choose one again."
            ) from exc
        return str(name)

    def choose(self, name: str) -> None:
        """Use that one from now on: a name, or BUILTIN. Raises UsageError when there is none of that name."""
        if name != BUILTIN and not self.path_of(name).is_file():
            known = ", ".join([BUILTIN, *(stored.name for stored in self.list())])
            raise UsageError(f"There is no catalogue called {name!r}. There are: {known}.")
        write_atomically(self.folder / CHOICE_FILE, json.dumps({"catalogue": name}).encode())

    def remove(self, name: str) -> None:
        """Delete that catalogue; if it was the chosen one, the built-in songs are used. Raises as ``choose``."""
        path = self.path_of(name)
        if not path.is_file():
            raise UsageError(f"There is no catalogue called {name!r}.")
        with contextlib.suppress(CatalogueError):
            if self.chosen == name:
                self.choose(BUILTIN)
        try:
            remove_mapped(path)
            path.unlink()
        except OSError as exc:
            raise StorageError(f"Could not delete {path}: {exc.strerror or exc}.") from exc

    def _described(self, path: Path) -> StoredCatalogue:
        unknown = StoredCatalogue(path.stem, path, 0, "", "", path.stat().st_size)
        try:
            facts = stored_facts(path) or {}
        except CatalogueError:
            return unknown
        return replace(
            unknown,
            songs=int(facts.get("added", 0)),
            source=str(facts.get("source", "")),
            imported_at=str(facts.get("imported_at", "")),
        )


def name_for(file_name: str) -> str:
    """A catalogue's name out of a file's: lower case, other signs as hyphens."""
    stem = Path(file_name).stem.lower()
    name = re.sub(r"[^a-z0-9_]+", "-", stem).strip("-_")[:60]
    return name if name and name != BUILTIN else "songs"


def _write(file: object, importer: Importer, source: str) -> None:
    """All songs into an open file, and onto the disk."""
    with pq.ParquetWriter(file, SCHEMA, compression="zstd", use_dictionary=["artist", "genre"]) as writer:
        waiting: list[pa.RecordBatch] = []
        for batch in importer:
            waiting.append(batch)
            if sum(len(each) for each in waiting) >= ROW_GROUP_ROWS:
                writer.write_table(pa.Table.from_batches(waiting, SCHEMA))
                waiting.clear()
        if waiting:
            writer.write_table(pa.Table.from_batches(waiting, SCHEMA))
        counts = {key: value for key, value in asdict(importer.report).items() if isinstance(value, int)}
        when = datetime.now(UTC).replace(microsecond=0).isoformat()
        facts = {"version": FORMAT_VERSION, "source": source, "imported_at": when, **counts}
        writer.add_key_value_metadata({METADATA_KEY.decode(): json.dumps(facts)})
