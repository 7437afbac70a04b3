"""What a table of songs may hold: the fields, how they are called elsewhere, and how they are stored.

A song needs a title, an artist, a valence and an energy. Everything else may be unknown: a year or a length of 0, an
empty genre, a tempo of 0; unknown danceability and acousticness count as the middle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import pyarrow as pa

YEARS = (1000, 9999)
LONGEST_MS = 24 * 60 * 60 * 1000
FASTEST_BPM = 400.0
LONGEST_TEXT = 500
"""Characters of a title, an artist or a genre; longer ones are a broken row that has swallowed its neighbours."""


class Unit(StrEnum):
    """In what a column counts; ``FACTOR`` takes it to what is stored."""

    PLAIN = "plain"  # from 0 to 1, milliseconds, beats a minute, text
    PERCENT = "percent"  # from 0 to 100
    SECONDS = "seconds"


FACTOR: Mapping[Unit, float] = MappingProxyType({Unit.PLAIN: 1.0, Unit.PERCENT: 0.01, Unit.SECONDS: 1000.0})


class Kind(StrEnum):
    """How a field's cells are read."""

    TITLE = "title"
    TEXT = "text"  # names; several are parted by commas
    SHARE = "share"
    YEAR = "year"
    DURATION = "duration"
    TEMPO = "tempo"
    ID = "id"
    FLAG = "flag"
    ISRC = "isrc"


@dataclass(frozen=True, slots=True)
class Field:
    """One fact of a song. ``aliases`` are column names of other tables, folded as ``mapping.folded_name`` does."""

    name: str
    kind: Kind
    expected: str  # how an error message says what a cell should have been
    aliases: tuple[str, ...]
    required: bool = False

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units that its column may count in; the first is the default."""
        if self.kind is Kind.SHARE:
            return (Unit.PLAIN, Unit.PERCENT)
        return (Unit.PLAIN, Unit.SECONDS) if self.kind is Kind.DURATION else (Unit.PLAIN,)


_SHARE = "a number from 0 to 1 (or from 0 to 100 in a column of percent)"
FIELDS: tuple[Field, ...] = (
    Field("title", Kind.TITLE, "some text", ("track_name", "title", "name", "song", "song_name", "track"), True),
    Field(
        "artist",
        Kind.TEXT,
        "some text",
        ("track_artist", "artist", "artists", "artist_name", "artist_names", "artist_s_name", "performer"),
        True,
    ),
    Field("valence", Kind.SHARE, _SHARE, ("valence", "track_valence"), True),
    Field("energy", Kind.SHARE, _SHARE, ("energy", "track_energy"), True),
    Field(
        "id",
        Kind.ID,
        "an id",
        ("id", "track_id", "spotify_id", "spotify_track_id", "uri", "track_uri", "track_url", "spotify_uri", "url"),
    ),
    Field(
        "year",
        Kind.YEAR,
        "a year like 1975 or a date that holds one",
        (
            "year",
            "release_year",
            "released_year",
            "track_album_release_date",
            "album_release_date",
            "release_date",
            "released",
            "date",
        ),
    ),
    Field(
        "genre",
        Kind.TEXT,
        "some text",
        ("genre", "playlist_genre", "track_genre", "top_genre", "genres", "artist_genres", "playlist_subgenre"),
    ),
    Field(
        "duration_ms",
        Kind.DURATION,
        "a length above 0, up to a day",
        (
            "duration_ms",
            "track_duration_ms",
            "length_ms",
            "duration_s",
            "duration_sec",
            "duration_seconds",
            "length_s",
            "duration",
            "length",
        ),
    ),
    Field("tempo", Kind.TEMPO, "beats a minute, from 0 to 400", ("tempo", "bpm", "track_tempo")),
    Field("danceability", Kind.SHARE, _SHARE, ("danceability", "dance")),
    Field("acousticness", Kind.SHARE, _SHARE, ("acousticness", "acoustic")),
    Field("popularity", Kind.SHARE, _SHARE, ("popularity", "track_popularity", "pop")),
    Field("explicit", Kind.FLAG, "yes or no (true, false, 1, 0)", ("explicit", "is_explicit", "track_explicit")),
    Field("isrc", Kind.ISRC, "an ISRC of twelve letters and digits", ("isrc", "track_isrc", "external_ids_isrc")),
)
FIELD: Mapping[str, Field] = MappingProxyType({field.name: field for field in FIELDS})

FORMAT_VERSION = 1
"""Of stored tables. One of another version is checked row by row like any foreign table."""
METADATA_KEY = b"emrs.catalogue"

SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("title", pa.string(), nullable=False),
        pa.field("artist", pa.string(), nullable=False),
        pa.field("year", pa.int16()),
        pa.field("genre", pa.string(), nullable=False),
        pa.field("duration_ms", pa.int32()),
        pa.field("valence", pa.float32(), nullable=False),
        pa.field("energy", pa.float32(), nullable=False),
        pa.field("danceability", pa.float32()),
        pa.field("acousticness", pa.float32()),
        pa.field("tempo", pa.float32()),
        pa.field("popularity", pa.float32()),
        pa.field("explicit", pa.bool_()),
        pa.field("isrc", pa.string(), nullable=False),
    ]
)
"""A stored table: Parquet with these columns, shares in [0, 1]; null where a number is unknown."""
