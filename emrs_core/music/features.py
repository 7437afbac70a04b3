"""A catalogue as columns, for ranking it in one go."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from emrs_core.music.plane import plane_coordinates
from emrs_core.protocols import Catalogue
from emrs_core.types import Track

EXPLICIT_YES, EXPLICIT_NO, EXPLICIT_UNKNOWN = 1, 0, -1
TIMBRE = ("valence", "energy", "danceability", "acousticness", "tempo")
"""What the five columns of ``timbre`` are made from, in order."""
KEPT = 4
"""Selections of a catalogue that are remembered: those of a few visitors; 16 MB each where a million songs pass."""

Made = TypeVar("Made")


class Remembered:
    """What was worked out from a catalogue lately, by a key; the oldest of more than KEPT goes. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What ``make`` gave for that key. Two threads may both make it, alike."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                known: Made = self._made[key]
                return known
        made = make()
        with self._lock:
            self._made[key] = made
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
        return made


@dataclass(frozen=True, slots=True, eq=False)
class CatalogueFeatures:
    """Column-wise facts of N songs, in the catalogue's order; the arrays must not be written to. Any thread.

    52 bytes a song in the arrays; titles and ids stay with the catalogue and are read a song at a time.
    """

    plane: NDArray[np.float32]  # (2, N): valence and arousal in [-1, 1]
    timbre: NDArray[np.float32]  # (N, 5): ``TIMBRE``, each with mean 0 and deviation 1 over the catalogue
    artist: NDArray[np.int32]  # (N,) a number for each artist, alike whatever the case
    genre: NDArray[np.int32]  # (N,) likewise; ``genre_names`` has the words
    year: NDArray[np.int16]  # (N,)
    duration_ms: NDArray[np.int32]  # (N,)
    tempo: NDArray[np.float32]  # (N,) beats a minute
    popularity: NDArray[np.float32]  # (N,) in [0, 1], NaN where unknown
    explicit: NDArray[np.int8]  # (N,) EXPLICIT_YES, EXPLICIT_NO or EXPLICIT_UNKNOWN
    genre_names: Sequence[str]  # by number, each as it was first spelled
    row_of: Mapping[str, int]  # from a song's id
    tracks: Sequence[Track]  # may make each song when it is asked for
    remembered: Remembered = field(init=False, repr=False, default_factory=Remembered)  # of these columns alone

    def __len__(self) -> int:
        return len(self.artist)

    def track(self, row: int) -> Track:
        """The song of that row. Raises IndexError outside [-N, N)."""
        return self.tracks[row]

    @classmethod
    def of(cls, tracks: Sequence[Track]) -> CatalogueFeatures:
        """Columns of those songs; O(N), so make them once and keep them."""
        table = np.array(
            [(t.valence, t.energy, t.danceability, t.acousticness, t.tempo) for t in tracks], dtype=np.float32
        ).reshape(len(tracks), len(TIMBRE))
        genre, genre_names = numbered([track.genre for track in tracks])
        return cls(
            plane=plane_coordinates(table[:, 0], table[:, 1]),
            timbre=standardised(table),
            artist=numbered([track.artist for track in tracks])[0],
            genre=genre,
            year=np.array([track.year for track in tracks], dtype=np.int16),
            duration_ms=np.array([track.duration_ms for track in tracks], dtype=np.int32),
            tempo=np.ascontiguousarray(table[:, 4]),
            popularity=np.array([math.nan if t.popularity is None else t.popularity for t in tracks], dtype=np.float32),
            explicit=np.array(
                [EXPLICIT_UNKNOWN if t.explicit is None else int(t.explicit) for t in tracks], dtype=np.int8
            ),
            genre_names=genre_names,
            row_of={track.id: row for row, track in enumerate(tracks)},
            tracks=tracks,
        )


@runtime_checkable
class HasFeatures(Protocol):
    """A catalogue that keeps its columns."""

    @property
    def features(self) -> CatalogueFeatures: ...


def features_of(catalogue: Catalogue) -> CatalogueFeatures:
    """The columns that the catalogue keeps, or fresh ones."""
    return catalogue.features if isinstance(catalogue, HasFeatures) else CatalogueFeatures.of(catalogue.tracks())


def standardised(table: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, K) -> (N, K), each column with mean 0 and deviation 1; a column without spread becomes 0."""
    if not len(table):
        return table
    deviation = table.std(axis=0)
    return np.asarray((table - table.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0), dtype=np.float32)


def numbered(names: Sequence[str]) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """A number for each name, alike whatever the case, and the names by number, as they were first spelled."""
    numbers: dict[str, int] = {}
    spelled: list[str] = []
    column = np.empty(len(names), dtype=np.int32)
    for row, name in enumerate(names):
        number = numbers.setdefault(name.casefold(), len(spelled))
        if number == len(spelled):
            spelled.append(name)
        column[row] = number
    return column, tuple(spelled)
