"""``catalogue``: the tables of songs to choose from."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from emrs_core.bootstrap import build_catalogue, catalogue_store, chosen_catalogue
from emrs_core.cli.catalogue_output import (
    FetchProgress,
    RowProgress,
    describe_report,
    describe_statistics,
    preview_text,
)
from emrs_core.errors import UsageError
from emrs_core.music.catalogues.columns import FIELD
from emrs_core.music.catalogues.fetch import TABLE_NAME, TABLE_URL, Watch, fetch
from emrs_core.music.catalogues.importing import ImportReport, guess, preview
from emrs_core.music.catalogues.mapping import ColumnMapping, Source, parse_source
from emrs_core.music.catalogues.reading import RowError, SourceTable
from emrs_core.music.catalogues.statistics import statistics
from emrs_core.music.catalogues.store import BUILTIN, CatalogueStore, name_for
from emrs_core.music.features import features_of
from emrs_core.settings import Settings
from emrs_core.storage import write_atomically

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
EXIT_FAILED = 1
_columns = click.option(
    "--column", "columns", multiple=True, metavar="FIELD=COLUMN[@UNIT]",
    help=f"Where a fact comes from, if the guess is wrong; FIELD is one of {', '.join(FIELD)}; UNIT is percent (0 to "
    "100) or seconds. An empty COLUMN means from nowhere.",
)  # fmt: skip
_use = click.option("--use/--no-use", default=True, show_default=True, help="Use it from now on, or only store it.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON alone on standard output.")


@click.group(epilog="Example: python -m emrs_core catalogue import songs.csv --preview")
def catalogue() -> None:
    """Bring in tables of songs, choose which is used, and look at what they hold.

    Catalogues are kept in the data folder (EMRS_DATA_DIR), once for all visitors of a dashboard that runs on it.
    """


@catalogue.command("import", epilog="Example: python -m emrs_core catalogue import my.csv --column year=released")
@click.argument("file", type=FILE)
@click.option("--name", help="What to call it; by default after the file.")
@_columns
@click.option(
    "--preview", "only_preview", is_flag=True, help="Show the columns found and the first songs; store nothing."
)
@click.option(
    "--errors", type=click.Path(dir_okay=False, path_type=Path), help="Also write the bad rows to a CSV file."
)
@_use
@_json
def import_(
    file: Path, name: str | None, columns: tuple[str, ...], only_preview: bool, errors: Path | None, use: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Bring in the songs of a CSV or Parquet FILE.

    Its columns are guessed from their names. A row that cannot be a song is one line on standard error with its reason,
    the others come in, and the exit status is then 1. Songs that come twice, by id or by artist and title, come in
    once.
    """
    table = SourceTable(file, str(file))
    mapping = _mapping(guess(table), columns)
    if only_preview:
        click.echo(preview_text(mapping, preview(table, mapping), table.columns, as_json))
        return
    store, name = _store(), name or name_for(file.name)
    listing = _Listing()
    with RowProgress() as progress:
        report = store.add(name, table, mapping, progress, listing)
    listing.write(errors)
    _finish(store, name, report, use, as_json)


@catalogue.command("fetch", epilog="Example: python -m emrs_core catalogue fetch")
@click.option("--url", default=TABLE_URL, show_default=True, help="Where the table is.")
@click.option("--name", default=TABLE_NAME, show_default=True, help="What to call it.")
@click.option("--accept-change", is_flag=True, help="Take it although it is not the file of the first fetch.")
@_columns
@_use
@_json
def fetch_(url: str, name: str, accept_change: bool, columns: tuple[str, ...], use: bool, as_json: bool) -> None:
    """Download a table of songs and bring it in: by default TidyTuesday's of 28,000 songs.

    A broken download is taken up again where it ended, at once or by the next call. The file's checksum is noted at the
    first time and compared from then on. docs/catalogue.md says what is known of that table's licence.
    """
    store, listing = _store(), _Listing()
    with FetchProgress() as on_bytes, RowProgress() as on_rows:
        watch = Watch(on_bytes, on_rows, listing)
        fetched = fetch(
            store, url, name, watch, accept_change=accept_change, mapping=lambda table: _mapping(guess(table), columns)
        )
    checksum = f"SHA-256 {fetched.file.sha256} ({'noted' if fetched.file.first else 'as at the first fetch'})"
    click.echo(f"{fetched.file.size_bytes:,} bytes, {checksum}", err=True)
    _finish(store, name, fetched.report, use, as_json)


@catalogue.command(epilog="Example: python -m emrs_core catalogue stats --json")
@click.option("--catalogue", "path", type=FILE, help="A CSV or Parquet file instead of the catalogue in use.")
@click.option("--name", help="A stored catalogue, or built-in, instead of the one in use.")
@_json
def stats(path: Path | None, name: str | None, as_json: bool) -> None:
    """Songs, artists, genres and decades of a catalogue, and how its songs cover valence and energy."""
    if path is not None and name is not None:
        raise click.UsageError("Give either --catalogue or --name.")
    if path is not None:
        name, songs = str(path), build_catalogue(path)
    elif name is not None:
        songs = build_catalogue() if name == BUILTIN else _store().open(name)
    else:
        name, songs = chosen_catalogue(_settings())
    click.echo(describe_statistics(name, statistics(features_of(songs)), as_json))


@catalogue.command("list", epilog="Example: python -m emrs_core catalogue list --json")
@_json
def list_(as_json: bool) -> None:
    """The catalogues there are; the one in use is marked."""
    store, chosen = _store(), _store().chosen
    rows: list[dict[str, Any]] = [{"name": BUILTIN, "used": chosen == BUILTIN}]
    rows += [{**asdict(stored), "path": str(stored.path), "used": stored.name == chosen} for stored in store.list()]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        about = f"{row['songs']:>9,} songs from {row['source'] or 'nowhere: damaged'}" if "songs" in row else ""
        click.echo(f"{'*' if row['used'] else ' '} {row['name']:<24} {about}".rstrip())


@catalogue.command(epilog="Example: python -m emrs_core catalogue use built-in")
@click.argument("name")
def use(name: str) -> None:
    """Use the catalogue NAME from now on; built-in goes back to the songs that come with the program."""
    _store().choose(name)
    click.echo(f"{name} is used from now on.")


class _Listing:
    """Hears of every bad row: one line each on standard error, and kept for a file."""

    def __init__(self) -> None:
        self._text = io.StringIO()
        self._table = csv.writer(self._text)
        self._table.writerow(("row", "column", "value", "reason"))

    def __call__(self, error: RowError) -> None:
        click.echo(str(error), err=True)
        self._table.writerow((error.row, error.column, error.value, error.reason))

    def write(self, path: Path | None) -> None:
        if path is not None:
            write_atomically(path, self._text.getvalue().encode())


def _finish(store: CatalogueStore, name: str, report: ImportReport, use: bool, as_json: bool) -> None:
    """Choose it, say what came in, and leave with the status that fits."""
    if use:
        store.choose(name)
    click.echo(describe_report(name, report, use, as_json))
    if report.refused:
        sys.exit(EXIT_FAILED)


def _mapping(guessed: ColumnMapping, columns: Sequence[str]) -> ColumnMapping:
    changes: dict[str, Source | None] = {}
    for text in columns:
        if text.endswith("="):
            changes[text.removesuffix("=").strip()] = None
        else:
            field, source = parse_source(text)
            changes[field] = source
    unknown = [field for field in changes if field not in FIELD]
    if unknown:
        raise UsageError(f"There is no field called {unknown[0]!r}. Use one of: {', '.join(FIELD)}.")
    return guessed.changed(changes)


def _settings() -> Settings:
    return Settings.from_mapping(os.environ)


def _store() -> CatalogueStore:
    return catalogue_store(_settings())
