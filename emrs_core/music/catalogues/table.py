"""A catalogue over stored columns: a million songs in well under 300 MB."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from typing import Any, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from emrs_core.errors import CatalogueError
from emrs_core.music.catalogues.columns import SCHEMA
from emrs_core.music.catalogues.ids import IdIndex
from emrs_core.music.features import EXPLICIT_UNKNOWN, TIMBRE, CatalogueFeatures, numbered, standardised
from emrs_core.music.links import ID_LENGTH
from emrs_core.music.plane import plane_coordinates
from emrs_core.types import Track

UNKNOWN_SHARE = 0.5
"""Danceability and acousticness that a table does not say: the middle, which calls a song neither."""
DIGITS = 5
"""Decimals of a number given back: what 32 bits hold, so that .585 does not come back as .58499997."""
USUAL_LENGTH_MS = 210_000
"""For planning by minutes where no song of a table has a length; three and a half minutes, a pop song's."""
NUMBERS = ("valence", "energy", "danceability", "acousticness", "tempo", "popularity")


class TableCatalogue:
    """``protocols.Catalogue`` over a table in the form of ``columns.SCHEMA``. Immutable; any thread may read it.

    Titles and artists stay Arrow columns, the numbers become NumPy columns, and a ``Track`` is made when it is asked
    for.
    """

    def __init__(self, table: pa.Table) -> None:
        """Raises CatalogueError for a table without songs, an id twice, or an id that is not 22 characters long."""
        if not table.num_rows:
            raise CatalogueError("The catalogue has no songs; import a table with at least one.")
        self._titles = _one(table, "title")
        self._isrc = _one(table, "isrc")
        self._artists, self._artist = _named(table, "artist")
        self._genres, self._genre = _named(table, "genre")
        self._numbers = {name: _numbers(table, name) for name in NUMBERS}
        self._year: NDArray[np.int16] = _whole(_one(table, "year"), 0)
        self._duration_ms: NDArray[np.int32] = _whole(_one(table, "duration_ms"), 0)
        self._explicit: NDArray[np.int8] = _whole(pc.cast(_one(table, "explicit"), pa.int8()), EXPLICIT_UNKNOWN)
        self._ids = _id_column(table)
        self._rows = IdIndex(self._ids)
        self._tracks = _Tracks(self)

    def __len__(self) -> int:
        return len(self._ids)

    def tracks(self) -> Sequence[Track]:
        return self._tracks

    def get(self, track_id: str) -> Track | None:
        row = self._rows.get(track_id)
        return None if row is None else self.track(row)

    def with_isrc(self, codes: Collection[str]) -> dict[str, Track]:
        """The songs with those recording codes, the first of each; one pass over a column, whatever the codes."""
        wanted = pa.array(sorted(code for code in codes if code), pa.string())
        rows = np.flatnonzero(pc.is_in(self._isrc, value_set=wanted).to_numpy(zero_copy_only=False))
        found: dict[str, Track] = {}
        for row in rows.tolist():
            found.setdefault(self._isrc[row].as_py(), self.track(row))
        return found

    def track(self, row: int) -> Track:
        """The song of that row, 0 to N - 1."""
        number = {name: round(float(column[row]), DIGITS) for name, column in self._numbers.items()}
        known = {name: None if math.isnan(value) else value for name, value in number.items()}
        explicit = int(self._explicit[row])
        return Track(
            id=self._ids[row].tobytes().decode("ascii"),
            title=self._titles[row].as_py(),
            artist=self._artists[int(self._artist[row])].as_py(),
            year=int(self._year[row]),
            genre=self._genres[int(self._genre[row])].as_py(),
            duration_ms=int(self._duration_ms[row]),
            valence=number["valence"],
            energy=number["energy"],
            danceability=UNKNOWN_SHARE if known["danceability"] is None else known["danceability"],
            acousticness=UNKNOWN_SHARE if known["acousticness"] is None else known["acousticness"],
            tempo=known["tempo"] or 0.0,
            explicit=None if explicit == EXPLICIT_UNKNOWN else bool(explicit),
            isrc=self._isrc[row].as_py(),
            popularity=known["popularity"],
        )

    @cached_property
    def features(self) -> CatalogueFeatures:
        """The songs as columns, made at the first use. Unknown lengths count as the usual one of this catalogue."""
        numbers, genre = self._numbers, self._genres.to_pylist()
        genre_number, genre_names = numbered(genre)
        known = self._duration_ms > 0
        usual = int(np.median(self._duration_ms[known])) if known.any() else USUAL_LENGTH_MS
        return CatalogueFeatures(
            plane=plane_coordinates(numbers["valence"], numbers["energy"]),
            timbre=_timbre([numbers[name] for name in TIMBRE]),
            artist=numbered(self._artists.to_pylist())[0][self._artist],
            genre=genre_number[self._genre],
            year=self._year,
            duration_ms=self._duration_ms if known.all() else np.where(known, self._duration_ms, np.int32(usual)),
            tempo=numbers["tempo"],
            popularity=numbers["popularity"],
            explicit=self._explicit,
            genre_names=genre_names,
            row_of=self._rows,
            tracks=self._tracks,
        )


class _Tracks(Sequence[Track]):
    """The songs of a table, each made when it is asked for."""

    def __init__(self, catalogue: TableCatalogue) -> None:
        self._catalogue = catalogue

    def __len__(self) -> int:
        return len(self._catalogue)

    @overload
    def __getitem__(self, index: int) -> Track: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Track]: ...
    def __getitem__(self, index: int | slice) -> Track | Sequence[Track]:
        rows = range(len(self))[index]
        return self._catalogue.track(rows) if isinstance(rows, int) else [self._catalogue.track(row) for row in rows]

    def __iter__(self) -> Iterator[Track]:
        return (self._catalogue.track(row) for row in range(len(self)))


def _one(table: pa.Table, name: str) -> pa.Array:
    """A column in one piece: a chunk costs little, a lookup through fifty much."""
    column = table.column(name)
    combined = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    return pc.cast(combined, SCHEMA.field(name).type)


def _named(table: pa.Table, name: str) -> tuple[pa.Array, NDArray[np.int32]]:
    """The different names, and each row's place among them."""
    column = table.column(name)
    if not pa.types.is_dictionary(column.type):
        column = pc.dictionary_encode(column)
    combined = column.unify_dictionaries().combine_chunks()
    return combined.dictionary, combined.indices.to_numpy(zero_copy_only=False).astype(np.int32)


def _numbers(table: pa.Table, name: str) -> NDArray[np.float32]:
    """A column of numbers, NaN where one is unknown."""
    values: NDArray[np.float32] = _one(table, name).to_numpy(zero_copy_only=False)
    return values


def _whole(column: pa.Array, unknown: int) -> NDArray[Any]:
    """A column of whole numbers, ``unknown`` where there is none."""
    values: NDArray[Any] = pc.fill_null(column, unknown).to_numpy(zero_copy_only=False)
    return values


def _id_column(table: pa.Table) -> NDArray[np.uint8]:
    ids = _one(table, "id")
    if not pc.all(pc.equal(pc.binary_length(ids), ID_LENGTH)).as_py():
        raise CatalogueError(f"The catalogue is damaged: an id does not have {ID_LENGTH} characters. Import it again.")
    start = ids.offset * ID_LENGTH
    written = ids.buffers()[2][start : start + len(ids) * ID_LENGTH]
    return np.frombuffer(written, np.uint8).reshape(len(ids), ID_LENGTH)


def _timbre(columns: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """(N, K) standardised; where a number is unknown, the mean of the known ones."""
    table = np.empty((len(columns[0]), len(columns)), np.float32)
    for place, column in enumerate(columns):  # one at a time: a million songs times five would weigh 20 MB a step
        unknown = np.isnan(column)
        if unknown.any():
            column = np.where(unknown, np.float32(0.0 if unknown.all() else np.nanmean(column)), column)
        table[:, place] = standardised(column[:, np.newaxis])[:, 0]
    return table
