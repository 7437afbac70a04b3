"""The public table of 28,000 songs: fetched, checked against the first time, brought in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from emrs_core.music.catalogues import download
from emrs_core.music.catalogues.download import Downloaded
from emrs_core.music.catalogues.importing import ImportReport, guess
from emrs_core.music.catalogues.importing import Progress as ImportProgress
from emrs_core.music.catalogues.mapping import ColumnMapping
from emrs_core.music.catalogues.reading import RowError, SourceTable
from emrs_core.music.catalogues.store import CatalogueStore

TABLE_URL = "https://raw.githubusercontent.com/rfordatascience/tidytuesday/main/data/2020/2020-01-21/spotify_songs.csv"
"""TidyTuesday, 21 January 2020: 32,833 rows; ``docs/catalogue.md`` says where they come from and what is open."""
TABLE_NAME = "tidytuesday"
DOWNLOADS = "downloads"


@dataclass(frozen=True, slots=True)
class Fetched:
    """The file, and what became of its rows."""

    file: Downloaded
    report: ImportReport


@dataclass(frozen=True, slots=True)
class Watch:
    """Who hears of a fetch as it goes on."""

    on_bytes: download.Progress | None = None
    on_rows: ImportProgress | None = None
    on_error: Callable[[RowError], None] | None = None


def fetch(
    store: CatalogueStore,
    url: str = TABLE_URL,
    name: str = TABLE_NAME,
    watch: Watch | None = None,
    *,
    accept_change: bool = False,
    mapping: Callable[[SourceTable], ColumnMapping] = guess,
) -> Fetched:
    """Download that table and import it under that name. Raises as ``download.download`` and ``CatalogueStore.add``.

    The file stays in the store's ``downloads`` folder, so that it can be imported again with another mapping.
    """
    watch = watch or Watch()
    store.path_of(name)  # a name that cannot be is told before anything is fetched
    path = store.folder / DOWNLOADS / f"{name}.table"
    file = download.download(url, path, watch.on_bytes, accept_change)
    table = SourceTable(path, url.rpartition("/")[2] or url)
    return Fetched(file, store.add(name, table, mapping(table), watch.on_rows, watch.on_error))
