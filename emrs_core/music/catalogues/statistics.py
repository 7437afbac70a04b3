"""What a catalogue is made of, and how it covers the plane."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from emrs_core.music.features import EXPLICIT_UNKNOWN, CatalogueFeatures
from emrs_core.music.links import is_track_id

CELLS = 4
"""Quarters of valence and of energy: a cell is as wide as two steps of a path."""
SPARSE = 20
"""Songs below which a cell is called thin: a list's length."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many songs bear that name."""

    name: str
    songs: int


@dataclass(frozen=True, slots=True)
class CatalogueStatistics:
    """``coverage[v][e]``: songs whose valence lies in quarter v and whose energy lies in quarter e of [0, 1]."""

    songs: int
    artists: int
    genres: tuple[Count, ...]  # most first; "" where a song has none
    decades: tuple[Count, ...]  # in time; "unknown" last
    coverage: tuple[tuple[int, ...], ...]
    playable: int  # songs with a Spotify id; the others can only be searched for there
    with_year: int
    with_tempo: int
    with_popularity: int
    with_explicit: int

    @property
    def thin_cells(self) -> tuple[tuple[int, int], ...]:
        """(valence quarter, energy quarter) of the cells with fewer than ``SPARSE`` songs."""
        return tuple((v, e) for v, row in enumerate(self.coverage) for e, songs in enumerate(row) if songs < SPARSE)


def statistics(features: CatalogueFeatures) -> CatalogueStatistics:
    """The figures of a catalogue; O(N) over its ids, some seconds for a million songs."""
    quarters = np.clip(((features.plane + 1.0) / 2.0 * CELLS).astype(int), 0, CELLS - 1)
    coverage = np.zeros((CELLS, CELLS), dtype=int)
    np.add.at(coverage, (quarters[0], quarters[1]), 1)
    genre_songs = np.bincount(features.genre, minlength=len(features.genre_names))
    genres = [Count(name, int(songs)) for name, songs in zip(features.genre_names, genre_songs, strict=True) if songs]
    return CatalogueStatistics(
        songs=len(features),
        artists=len(np.unique(features.artist)),
        genres=tuple(sorted(genres, key=lambda count: (-count.songs, count.name))),
        decades=_decades(features),
        coverage=tuple(tuple(row) for row in coverage.tolist()),
        playable=sum(map(is_track_id, features.row_of)),
        with_year=int((features.year > 0).sum()),
        with_tempo=int((features.tempo > 0).sum()),
        with_popularity=int(np.isfinite(features.popularity).sum()),
        with_explicit=int((features.explicit != EXPLICIT_UNKNOWN).sum()),
    )


def _decades(features: CatalogueFeatures) -> tuple[Count, ...]:
    years, songs = np.unique(features.year // 10 * 10, return_counts=True)
    known = [Count(f"{year}s", int(count)) for year, count in zip(years, songs, strict=True) if year]
    unknown = [Count("unknown", int(count)) for year, count in zip(years, songs, strict=True) if not year]
    return (*known, *unknown)
