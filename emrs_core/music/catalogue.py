"""The built-in songs: a curated CSV table in which nothing may be wrong.

Tables of the person's own are more forgiving: see ``emrs_core.music.catalogues``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import TypeVar

from emrs_core.errors import CatalogueError
from emrs_core.music.features import CatalogueFeatures
from emrs_core.music.links import is_track_id
from emrs_core.types import Track

T = TypeVar("T")

COLUMNS = (
    "id", "title", "artist", "year", "genre", "duration_ms",
    "valence", "energy", "danceability", "acousticness", "tempo",
)  # fmt: skip
BUILTIN_NAME = "emrs_core/music/data/songs.csv"
YEARS = (1000, 9999)
LONGEST_MS = 24 * 60 * 60 * 1000
FASTEST_BPM = 400.0


class CsvCatalogue:
    """``protocols.Catalogue`` over a table with the columns of ``COLUMNS`` and, where known, ``popularity`` from 0 to 1
    (more are ignored), UTF-8, commas.

    Immutable; any thread may read it.
    """

    def __init__(self, text: str, name: str) -> None:
        """Read a whole table. ``name`` is how errors call the file.

        Raises CatalogueError naming the file, the row (counted as in a spreadsheet, the header is row 1), the column
        and the value when anything in it is wrong, and likewise for a table without songs.
        """
        self._tracks = tuple(_read(text, name))
        self._by_id = {track.id: track for track in self._tracks}

    @classmethod
    def builtin(cls) -> CsvCatalogue:
        """The curated songs that come with the program."""
        try:
            text = resources.files("emrs_core.music").joinpath("data", "songs.csv").read_text(encoding="utf-8")
        except OSError as exc:
            raise CatalogueError(f"The built-in songs ({BUILTIN_NAME}) are missing: install EMRS again.") from exc
        return cls(text, BUILTIN_NAME)

    def tracks(self) -> Sequence[Track]:
        return self._tracks

    def get(self, track_id: str) -> Track | None:
        return self._by_id.get(track_id)

    @cached_property
    def features(self) -> CatalogueFeatures:
        """The songs as columns, made at the first use."""
        return CatalogueFeatures.of(self._tracks)


def _read(text: str, name: str) -> list[Track]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    tracks: list[Track] = []
    rows: dict[str, int] = {}
    try:
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise CatalogueError(
                f"{name}: the first row must name the columns {', '.join(COLUMNS)}; missing: {', '.join(missing)}."
            )
        for row, cells in enumerate(reader, start=2):
            track = _track(_Row(cells, f"{name}, row {row}"))
            if track.id in rows:
                raise CatalogueError(
                    f"{name}, row {row}, column id: {track.id!r} stands in row {rows[track.id]} already; remove one."
                )
            rows[track.id] = row
            tracks.append(track)
    except csv.Error as exc:
        raise CatalogueError(f"{name}, line {reader.line_num}: not a CSV table ({exc}).") from exc
    if not tracks:
        raise CatalogueError(f"{name}: there is no song in the table; add at least one row below the header.")
    return tracks


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the table; every reader raises CatalogueError naming row, column and value."""

    cells: Mapping[str, str | None]
    where: str

    def read(self, column: str, expected: str, parse: Callable[[str], T], valid: Callable[[T], bool]) -> T:
        value = (self.cells.get(column) or "").strip()
        try:
            parsed = parse(value)
        except ValueError:
            pass
        else:
            if valid(parsed):
                return parsed
        raise CatalogueError(f"{self.where}, column {column}: expected {expected}, got {value!r}.")

    def text(self, column: str) -> str:
        return self.read(column, "some text", str, bool)

    def share(self, column: str) -> float:
        return self.read(column, "a number from 0 to 1", float, lambda x: 0.0 <= x <= 1.0)


def _track(row: _Row) -> Track:
    return Track(
        id=row.read("id", "a Spotify id of 22 letters and digits", str, is_track_id),
        title=row.text("title"),
        artist=row.text("artist"),
        year=row.read("year", "a year like 1975", int, lambda x: YEARS[0] <= x <= YEARS[1]),
        genre=row.text("genre"),
        duration_ms=row.read("duration_ms", "whole milliseconds up to a day", int, lambda x: 0 < x <= LONGEST_MS),
        valence=row.share("valence"),
        energy=row.share("energy"),
        danceability=row.share("danceability"),
        acousticness=row.share("acousticness"),
        tempo=row.read("tempo", "beats a minute", float, lambda x: 0.0 <= x <= FASTEST_BPM),
        popularity=row.share("popularity") if row.cells.get("popularity") else None,
    )
