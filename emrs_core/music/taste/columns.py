"""A catalogue as taste sees it: the traits of every song, ready to be weighed in one multiplication."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from emrs_core.music.features import TIMBRE, CatalogueFeatures

FARTHEST = 3.0
"""Deviations; a stranger sound than that counts as just so strange, or its square would outweigh all else."""
MIDDLE_YEAR, YEARS = 1995.0, 20.0
"""Centre and scale of the year."""
SOUNDS = len(TIMBRE)
CATALOGUES_KEPT = 2
"""The one in use, and for a while the one before it."""


@dataclass(frozen=True, slots=True, eq=False)
class TasteColumns:
    """52 bytes a song beside the catalogue's own columns; the arrays must not be written to."""

    weighed: NDArray[np.float32]  # (2 SOUNDS + 1, N): sounds in deviations, their squares, the year
    decades: NDArray[np.int32]  # (D,) those there are
    cell: NDArray[np.intp]  # (N,) genre * D + place of the decade

    def rows(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """(M, 2 SOUNDS + 1) of those songs."""
        return self.weighed[:, rows].T.astype(np.float64)


@lru_cache(maxsize=CATALOGUES_KEPT)
def columns_of(features: CatalogueFeatures) -> TasteColumns:
    """Made once for a catalogue, O(N); a fact that is no number counts as the catalogue's mean."""
    sound = np.clip(np.nan_to_num(features.timbre.T), -FARTHEST, FARTHEST)
    year = np.clip((features.year - np.float32(MIDDLE_YEAR)) / np.float32(YEARS), -FARTHEST, FARTHEST)
    decades, place = np.unique(decades_of(features.year), return_inverse=True)
    return TasteColumns(
        weighed=np.ascontiguousarray(np.vstack([sound, sound * sound, year[np.newaxis]]), dtype=np.float32),
        decades=decades,
        cell=features.genre.astype(np.intp) * len(decades) + place,
    )


def decades_of(years: NDArray[np.int16]) -> NDArray[np.int32]:
    """1987 -> 1980."""
    return np.asarray(years // 10 * 10, dtype=np.int32)
