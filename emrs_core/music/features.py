"""A catalogue as columns, for ranking it in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from emrs_core.music.plane import plane_coordinates
from emrs_core.protocols import Catalogue
from emrs_core.types import Track


@dataclass(frozen=True, slots=True, eq=False)
class CatalogueFeatures:
    """Column-wise facts of N songs, in the catalogue's order; the arrays must not be written to."""

    tracks: Sequence[Track]
    row_of: Mapping[str, int]  # from a song's id
    plane: NDArray[np.float32]  # (2, N): valence and arousal in [-1, 1]
    timbre: NDArray[np.float32]  # (N, 5): five features, each with mean 0 and deviation 1 over the catalogue
    artist: NDArray[np.int32]  # (N,) a number for each artist, alike whatever the case
    genre: NDArray[np.int32]  # (N,) likewise

    def __len__(self) -> int:
        return len(self.tracks)

    @classmethod
    def of(cls, tracks: Sequence[Track]) -> CatalogueFeatures:
        """Columns of those songs; O(N), so make them once and keep them."""
        table = np.array(
            [(t.valence, t.energy, t.danceability, t.acousticness, t.tempo) for t in tracks], dtype=np.float32
        ).reshape(len(tracks), 5)
        return cls(
            tracks=tracks,
            row_of={track.id: row for row, track in enumerate(tracks)},
            plane=plane_coordinates(table[:, 0], table[:, 1]),
            timbre=_standardised(table),
            artist=_numbered([track.artist.casefold() for track in tracks]),
            genre=_numbered([track.genre.casefold() for track in tracks]),
        )


@runtime_checkable
class HasFeatures(Protocol):
    """A catalogue that keeps its columns."""

    @property
    def features(self) -> CatalogueFeatures: ...


def features_of(catalogue: Catalogue) -> CatalogueFeatures:
    """The columns that the catalogue keeps, or fresh ones."""
    return catalogue.features if isinstance(catalogue, HasFeatures) else CatalogueFeatures.of(catalogue.tracks())


def _standardised(table: NDArray[np.float32]) -> NDArray[np.float32]:
    if not len(table):
        return table
    deviation = table.std(axis=0)
    return np.asarray((table - table.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0), dtype=np.float32)


def _numbered(names: Sequence[str]) -> NDArray[np.int32]:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int32)
