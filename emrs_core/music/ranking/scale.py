"""Songs and targets on one scale, also where a catalogue fills only a corner of the plane."""

from __future__ import annotations

import weakref
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emrs_core.music.plane import LOWEST_TARGET_VALENCE
from emrs_core.types import AffectPoint

NARROW = 0.9
"""Plane units from the 5th to the 95th percentile of an axis below which a catalogue is narrow: half of what songs
spread evenly over the plane have. A collection of one genre comes to that; the built-in songs have 1.4 on both."""
FEWEST = 20
"""Songs that a scale of quantiles needs to mean anything."""
PERCENTILES = (5.0, 95.0)


@dataclass(frozen=True, slots=True, eq=False)
class FitScale:
    """Where fit is measured. ``plane`` is (2, N) float32, alike the songs' places or, on a narrow axis, quantiles.

    A quantile q becomes 2q - 1, so that the middle of the catalogue is the middle of the plane and its ends the ends:
    what is the happiest of a gloomy collection is its answer to *happy*, and a path leads through the collection
    instead of along its edge.
    """

    plane: NDArray[np.float32]
    lowest: float  # valence on this scale below which nothing may be aimed at

    def aim(self, waypoint: AffectPoint) -> AffectPoint:
        """The waypoint on this scale; the songs there are never below the lowest target's own valence."""
        return AffectPoint(max(waypoint.valence, self.lowest), waypoint.arousal)


def fit_scale(plane: NDArray[np.float32]) -> FitScale:
    """The scale for songs at those places, (2, N), which may hold NaN. O(N log N) the first time, then O(1).

    Any thread: two may both make it, alike.
    """
    if id(plane) not in _STRETCHED:
        _STRETCHED[id(plane)] = _stretched(plane)
        weakref.finalize(plane, _STRETCHED.pop, id(plane), None)
    return _STRETCHED[id(plane)] or FitScale(plane, -1.0)


_STRETCHED: dict[int, FitScale | None] = {}
"""By the id of the array, as long as that lives. None, not the array itself, where nothing is narrow: else the entry
would keep its array alive."""


def _stretched(plane: NDArray[np.float32]) -> FitScale | None:
    narrow = [_is_narrow(axis[~np.isnan(axis)]) for axis in plane]
    if not any(narrow):
        return None
    axes = [_quantiles(axis, axis) if is_narrow else axis for axis, is_narrow in zip(plane, narrow, strict=True)]
    lowest = _quantiles(plane[0], np.array([LOWEST_TARGET_VALENCE], np.float32))[0] if narrow[0] else -1.0
    return FitScale(np.stack(axes), float(lowest))


def _is_narrow(known: NDArray[np.float32]) -> bool:
    if len(known) < FEWEST:
        return False
    low, high = np.percentile(known, PERCENTILES)
    return bool(high - low < NARROW)


def _quantiles(songs: NDArray[np.float32], values: NDArray[np.float32]) -> NDArray[np.float32]:
    """2q - 1 of each value among the songs, in [-1, 1]; ties share the middle of their places, NaN stays."""
    known = np.sort(songs[~np.isnan(songs)])
    places = np.searchsorted(known, values, "left") + np.searchsorted(known, values, "right")
    return np.where(np.isnan(values), np.float32(np.nan), (places / len(known) - 1.0).astype(np.float32))
