"""Which column holds which fact: guessed from names and a sample, corrected by hand."""

from __future__ import annotations

import pytest

from emrs_core.errors import UsageError
from emrs_core.music.catalogues.columns import FIELDS, SCHEMA, Unit
from emrs_core.music.catalogues.mapping import ColumnMapping, Source, guess_mapping, parse_source

TIDYTUESDAY = (
    "track_id,track_name,track_artist,track_popularity,track_album_id,track_album_name,track_album_release_date,"
    "playlist_name,playlist_id,playlist_genre,playlist_subgenre,danceability,energy,key,loudness,mode,speechiness,"
    "acousticness,instrumentalness,liveness,valence,tempo,duration_ms"
)
KAGGLE_114K = (
    "track_id,artists,album_name,track_name,popularity,duration_ms,explicit,danceability,energy,key,loudness,mode,"
    "speechiness,acousticness,instrumentalness,liveness,valence,tempo,time_signature,track_genre"
)
MOST_STREAMED = ("track_name", "artist(s)_name", "released_year", "bpm", "danceability_%", "valence_%", "energy_%")


def columns_of(mapping: ColumnMapping) -> dict[str, str]:
    return {name: source.column for name, source in mapping.sources.items()}


def test_every_field_is_stored_and_the_other_way_round() -> None:
    assert {field.name for field in FIELDS} == set(SCHEMA.names)


def test_the_columns_of_well_known_tables_are_found() -> None:
    tidy = columns_of(guess_mapping(TIDYTUESDAY.split(",")))
    assert tidy["title"] == "track_name"
    assert tidy["year"] == "track_album_release_date"
    assert tidy["genre"] == "playlist_genre"
    assert tidy["popularity"] == "track_popularity"
    kaggle = columns_of(guess_mapping(KAGGLE_114K.split(",")))
    assert (kaggle["artist"], kaggle["genre"], kaggle["explicit"]) == ("artists", "track_genre", "explicit")
    assert "year" not in kaggle
    streamed = guess_mapping(MOST_STREAMED).sources
    assert streamed["artist"] == Source("artist(s)_name")
    assert streamed["valence"] == Source("valence_%", Unit.PERCENT)
    assert streamed["tempo"] == Source("bpm")


def test_our_own_columns_map_to_themselves() -> None:
    assert columns_of(guess_mapping(SCHEMA.names)) == {name: name for name in SCHEMA.names}


@pytest.mark.parametrize(
    ("column", "cells", "unit"),
    [
        ("duration", ["211", "194.5", "x"], Unit.SECONDS),
        ("duration", ["211000", "194500"], Unit.PLAIN),
        ("duration_ms", ["12"], Unit.PLAIN),
        ("length_s", [], Unit.SECONDS),
        ("popularity", ["66", "0", "71"], Unit.PERCENT),
        ("popularity", ["0.66", "0", "nan"], Unit.PLAIN),
        ("energy", ["0.2", "0.9", "55"], Unit.PLAIN),  # one broken cell does not decide
        ("valence", ["4.5", "7.1", "8.8"], Unit.PLAIN),  # a scale from 1 to 9: refused row by row
    ],
)
def test_the_unit_follows_name_and_sample(column: str, cells: list[str], unit: Unit) -> None:
    (source,) = guess_mapping([column], {column: cells}).sources.values()
    assert source == Source(column, unit)


def test_a_column_is_used_once() -> None:
    mapping = guess_mapping(["name", "Track Name", "artist", "valence", "energy"])
    assert mapping.sources["title"].column == "Track Name"
    assert len(set(mapping.columns)) == len(mapping.sources)


def test_a_song_needs_four_facts() -> None:
    mapping = guess_mapping(["title", "valence", "tempo"])
    assert mapping.missing == ("artist", "energy")
    with pytest.raises(UsageError, match=r"No column was found for artist, energy.*artist=COLUMN"):
        mapping.check(["title", "valence", "tempo"])


@pytest.mark.parametrize(
    ("name", "source", "words"),
    [
        ("mood", Source("title"), "no field called 'mood'"),
        ("year", Source("when"), "no column 'when' to take the year from"),
        ("year", Source("title", Unit.PERCENT), "The year cannot count in percent; use plain"),
    ],
)
def test_a_mapping_that_does_not_fit_is_told(name: str, source: Source, words: str) -> None:
    columns = ["title", "artist", "valence", "energy"]
    with pytest.raises(UsageError, match=words):
        guess_mapping(columns).changed({name: source}).check(columns)


def test_a_field_can_be_taken_from_nowhere() -> None:
    mapping = guess_mapping(TIDYTUESDAY.split(",")).changed({"genre": None, "year": Source("key")})
    assert "genre" not in mapping.sources
    assert mapping.sources["year"] == Source("key")


def test_a_source_as_written_on_the_command_line() -> None:
    assert parse_source("duration_ms = length@seconds") == ("duration_ms", Source("length", Unit.SECONDS))
    assert parse_source("title=name@home") == ("title", Source("name@home"))
    for wrong in ("title", "=x", "title=", "@percent"):
        with pytest.raises(UsageError, match="FIELD=COLUMN"):
            parse_source(wrong)
