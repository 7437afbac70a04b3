"""Songs as stored columns: what comes in comes out, and ids are found among many."""

from __future__ import annotations

import random

import numpy as np
import pyarrow as pa
import pytest

from emrs_core.errors import CatalogueError
from emrs_core.music.catalogues.columns import SCHEMA
from emrs_core.music.catalogues.duplicates import Seen
from emrs_core.music.catalogues.ids import IdIndex
from emrs_core.music.catalogues.table import UNKNOWN_SHARE, USUAL_LENGTH_MS, TableCatalogue
from emrs_core.music.features import EXPLICIT_NO, EXPLICIT_UNKNOWN, EXPLICIT_YES, CatalogueFeatures
from emrs_core.music.links import own_id
from emrs_core.music.recordings import by_recording_code
from emrs_core.testing.catalogues import grid_tracks, make_track, numbered_id, table_of


def ids_of(count: int) -> list[str]:
    rng = random.Random(1)
    ids = [numbered_id(rng.randrange(10**20)) for _ in range(count)]
    return [own_id(track_id, "x") if row % 3 == 0 else track_id for row, track_id in enumerate(ids)]


def index(ids: list[str]) -> IdIndex:
    return IdIndex(np.frombuffer("".join(ids).encode(), np.uint8).reshape(len(ids), 22))


def test_every_id_is_found_and_no_other() -> None:
    ids = ids_of(5000)
    rows = index(ids)
    assert all(rows[track_id] == row for row, track_id in enumerate(ids))
    assert list(rows) == ids
    assert len(rows) == 5000
    for unknown in ("", "short", numbered_id(7), ids[0][:-1] + "/", "ü" * 22, "x" * 23):
        assert unknown not in rows
        with pytest.raises(KeyError):
            rows[unknown]


def test_an_id_twice_is_an_error_of_the_table() -> None:
    with pytest.raises(CatalogueError, match=f"{numbered_id(4)}.* comes twice"):
        index([numbered_id(4), numbered_id(5), numbered_id(4)])


def test_seen_marks_what_came_before_here_or_in_another_call() -> None:
    seen = Seen()
    assert seen.fresh(["a", "b", "a"]).tolist() == [True, True, False]
    assert seen.fresh(["c", "b"]).tolist() == [True, False]
    assert seen.fresh([]).tolist() == []
    assert seen.fresh(["d", "c", "d"]).tolist() == [True, False, False]


def test_what_goes_in_comes_out() -> None:
    tracks = [
        make_track(1, valence=0.585, explicit=True, isrc="GBAYE6900534", popularity=0.66, artist="Beyoncé"),
        make_track(2, explicit=False, tempo=0.0),
        make_track(3),
    ]
    catalogue = TableCatalogue(table_of(tracks))
    assert list(catalogue.tracks()) == tracks
    assert [catalogue.get(track.id) for track in tracks] == tracks
    assert catalogue.tracks()[-1] == tracks[-1]
    assert catalogue.tracks()[1:] == tracks[1:]
    with pytest.raises(IndexError):
        catalogue.tracks()[3]


def test_columns_are_those_of_the_songs() -> None:
    tracks = [*grid_tracks(), make_track(500, artist="ARTIST 3", explicit=True), make_track(501, explicit=False)]
    ours, plain = TableCatalogue(table_of(tracks)).features, CatalogueFeatures.of(tracks)
    for name in ("plane", "timbre", "artist", "genre", "year", "duration_ms", "tempo", "popularity", "explicit"):
        np.testing.assert_allclose(getattr(ours, name), getattr(plain, name), atol=1e-5, err_msg=name)
        assert getattr(ours, name).dtype == getattr(plain, name).dtype, name
    assert list(ours.genre_names) == list(plain.genre_names)
    assert {track.id: ours.row_of[track.id] for track in tracks} == plain.row_of
    assert ours.explicit[[0, -2, -1]].tolist() == [EXPLICIT_UNKNOWN, EXPLICIT_YES, EXPLICIT_NO]


def test_unknown_facts_are_said_so_and_never_nan_in_the_ranking() -> None:
    bare = {"title": ["A", "B"], "artist": ["X", "Y"], "valence": [0.1, 0.9], "energy": [0.2, 0.8]}
    rows = {"id": [numbered_id(1), numbered_id(2)], "genre": ["", ""], "isrc": ["", ""], **bare}
    table = pa.table(
        [rows.get(name) or pa.nulls(2, SCHEMA.field(name).type) for name in SCHEMA.names], names=SCHEMA.names
    )
    catalogue = TableCatalogue(table)
    track = catalogue.tracks()[0]
    assert (track.year, track.genre, track.duration_ms, track.tempo) == (0, "", 0, 0.0)
    assert (track.explicit, track.popularity, track.danceability) == (None, None, UNKNOWN_SHARE)
    features = catalogue.features
    assert np.isfinite(features.timbre).all()
    assert features.duration_ms.tolist() == [USUAL_LENGTH_MS] * 2
    assert np.isnan(features.popularity).all()


def test_an_unknown_length_counts_as_the_usual_one_of_its_catalogue() -> None:
    lengths = [100_000, 200_000, 300_000, None]
    table = table_of(grid_tracks(2))
    place = table.schema.get_field_index("duration_ms")
    table = table.set_column(place, SCHEMA.field("duration_ms"), pa.array(lengths, pa.int32()))
    assert TableCatalogue(table).features.duration_ms.tolist() == [100_000, 200_000, 300_000, 200_000]


def test_a_table_without_songs_or_with_a_wrong_id_is_an_error() -> None:
    with pytest.raises(CatalogueError, match="no songs"):
        TableCatalogue(SCHEMA.empty_table())
    with pytest.raises(CatalogueError, match="does not have 22 characters"):
        TableCatalogue(table_of([make_track(1, id="short")]))


def test_songs_are_found_by_recording_code_the_first_of_each() -> None:
    codes = ("", "USRC17607839", "GBAYE0601498", "USRC17607839")
    catalogue = TableCatalogue(table_of([make_track(number, isrc=code) for number, code in enumerate(codes)]))
    asked = {"", "USRC17607839", "GBAYE0601498", "FRXXX0000001"}
    found = by_recording_code(catalogue, asked)
    assert {code: track.id for code, track in found.items()} == {
        "USRC17607839": numbered_id(1),
        "GBAYE0601498": numbered_id(2),
    }
    assert by_recording_code(catalogue, ()) == {}
