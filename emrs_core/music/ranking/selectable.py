"""The songs that may be taken at all, side by side: worked out once for a wish, not for each list."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from emrs_core.errors import CatalogueError
from emrs_core.music.features import CatalogueFeatures
from emrs_core.music.filters import Filters, passing
from emrs_core.music.ranking.scale import FitScale, fit_scale


@dataclass(frozen=True, slots=True, eq=False)
class Selectable:
    """M songs of a catalogue, in its order; the arrays must not be written to."""

    rows: NDArray[np.intp]  # (M,) ascending
    scale: FitScale  # of the whole catalogue
    plane: NDArray[np.float32]  # (2, M) where fit is measured
    whole: bool  # M = N: no song is left out

    def of(self, column: NDArray[np.float32]) -> NDArray[np.float32]:
        """(M,) of a column (N,); the column itself where no song is left out."""
        return column if self.whole else column[self.rows]

    def places(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """Where those songs stand among these; for rows that are among them."""
        return rows if self.whole else np.searchsorted(self.rows, rows)

    def among(self, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which of those songs are among these."""
        places = np.minimum(self.places(rows), len(self.rows) - 1)
        found: NDArray[np.bool_] = self.rows[places] == rows
        return found


def selectable(features: CatalogueFeatures, filters: Filters) -> Selectable:
    """The songs that have a place on the plane and pass the filters; at least one.

    O(N) the first time, then O(1) while the same wish comes again. Raises NoSongsLeft for filters that no song passes,
    CatalogueError where no song has a place on the plane.
    """
    leaving_out = replace(filters, novelty=0.0)  # novelty is an order: it leaves nothing out
    return features.remembered.get(("selectable", leaving_out), lambda: _selected(features, leaving_out))


def _selected(features: CatalogueFeatures, filters: Filters) -> Selectable:
    scale = fit_scale(features.plane)
    rows = np.flatnonzero(_allowed(features, filters))
    whole = len(rows) == len(features)
    return Selectable(rows, scale, scale.plane if whole else scale.plane[:, rows], whole)


def _allowed(features: CatalogueFeatures, filters: Filters) -> NDArray[np.bool_]:
    placed: NDArray[np.bool_] = ~(np.isnan(features.plane[0]) | np.isnan(features.plane[1]))
    if not placed.any():
        raise CatalogueError("No song of the catalogue has both a valence and an energy; import them with the songs.")
    return passing(features, filters, placed) if filters.in_use else placed
