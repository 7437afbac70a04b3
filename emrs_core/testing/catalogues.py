"""Songs for tests: a factory, a catalogue in memory, and the contract of every catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import pyarrow as pa

from emrs_core.music.catalogues.columns import SCHEMA
from emrs_core.music.features import CatalogueFeatures
from emrs_core.music.links import is_own_id, is_track_id
from emrs_core.protocols import Catalogue
from emrs_core.types import Track


def numbered_id(number: int) -> str:
    """A well-formed track id, another for each number; no real song has it."""
    return f"{number:022d}"


def make_track(number: int = 0, **facts: object) -> Track:
    """A song in the middle of everything, named after its number; give the facts that matter to the test."""
    defaults: dict[str, object] = {
        "id": numbered_id(number),
        "title": f"Song {number}",
        "artist": f"Artist {number}",
        "year": 1960 + number % 60,
        "genre": ("pop", "rock", "latin", "rap")[number % 4],
        "duration_ms": 200_000,
        "valence": 0.5,
        "energy": 0.5,
        "danceability": 0.5,
        "acousticness": 0.5,
        "tempo": 120.0,
        "explicit": None,
        "isrc": "",
        "popularity": None,
    }
    unknown = facts.keys() - defaults.keys()
    if unknown:
        raise TypeError(f"a track has no {', '.join(sorted(unknown))}")
    return Track(**{**defaults, **facts})  # type: ignore[arg-type]


def grid_tracks(side: int = 10) -> list[Track]:
    """``side`` x ``side`` songs spread evenly over valence and energy, each by an artist of its own."""
    return [
        make_track(row * side + column, valence=(column + 0.5) / side, energy=(row + 0.5) / side)
        for row in range(side)
        for column in range(side)
    ]


def table_of(tracks: Sequence[Track]) -> pa.Table:
    """Those songs in the stored form."""
    columns = {name: [getattr(track, name) for track in tracks] for name in SCHEMA.names}
    return pa.table(columns, schema=SCHEMA)


class FakeCatalogue:
    """A catalogue of the given songs, 100 over the whole plane by default."""

    def __init__(self, tracks: Iterable[Track] | None = None) -> None:
        self._tracks = tuple(grid_tracks() if tracks is None else tracks)
        self._by_id = {track.id: track for track in self._tracks}

    def tracks(self) -> Sequence[Track]:
        return self._tracks

    def get(self, track_id: str) -> Track | None:
        return self._by_id.get(track_id)

    @cached_property
    def features(self) -> CatalogueFeatures:
        return CatalogueFeatures.of(self._tracks)


class CatalogueContract:
    """What ``protocols.Catalogue`` promises; every catalogue's test class inherits this and gives the fixture
    ``catalogue``: one with at least one song."""

    def test_it_has_songs_each_id_once(self, catalogue: Catalogue) -> None:
        ids = [track.id for track in catalogue.tracks()]
        assert ids
        assert len(set(ids)) == len(ids)
        assert all(is_track_id(track_id) or is_own_id(track_id) for track_id in ids)

    def test_the_order_is_stable(self, catalogue: Catalogue) -> None:
        assert list(catalogue.tracks()) == list(catalogue.tracks())

    def test_every_song_is_found_by_its_id(self, catalogue: Catalogue) -> None:
        assert all(catalogue.get(track.id) == track for track in catalogue.tracks())

    def test_an_unknown_id_is_no_song(self, catalogue: Catalogue) -> None:
        assert catalogue.get("") is None
        assert catalogue.get("z" * 22) is None

    def test_it_cannot_be_changed_through_its_songs(self, catalogue: Catalogue) -> None:
        before = list(catalogue.tracks())
        given = catalogue.tracks()
        if isinstance(given, list):
            given.clear()
        assert list(catalogue.tracks()) == before

    def test_facts_are_in_range(self, catalogue: Catalogue) -> None:
        for track in catalogue.tracks():
            assert track.popularity is None or 0.0 <= track.popularity <= 1.0, track
            shares = (track.valence, track.energy, track.danceability, track.acousticness)
            assert all(0.0 <= share <= 1.0 for share in shares), track
            assert track.duration_ms >= 0, track  # 0: unknown
            assert track.title, track
            assert track.artist, track
