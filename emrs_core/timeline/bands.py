"""The band under a chart that says when a face could be read, as few stretches as a screen can show."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emrs_core.timeline.intervals import GAP_S, Interval, Span, holds
from emrs_core.timeline.samples import Samples

MOST: Final = 400
"""Stretches; on a chart of some 1,100 px each has three then."""


class Seen(StrEnum):
    """What the camera saw. The order of the codes below."""

    NOBODY = "no_face"
    POOR = "poor"
    VALID = "valid"


def seen_bands(samples: Samples, view: Span, most: int = MOST) -> tuple[Interval, ...]:
    """Labels of ``Seen`` from when to when within ``view``; where nothing was recorded there is none.

    When there are more than ``most`` stretches, time is cut into as many even parts and each has the name that holds
    longest in it.
    """
    first = max(0, int(np.searchsorted(samples.t_s, view.start_s)) - 1)
    last = int(np.searchsorted(samples.t_s, view.end_s, side="right"))
    part = samples.take(slice(first, last))
    if not len(part):
        return ()
    ends_s = np.minimum(part.t_s + holds(part), view.end_s)
    starts_s = np.maximum(part.t_s, view.start_s)
    shown = ends_s > starts_s
    starts_s, ends_s = starts_s[shown], ends_s[shown]
    codes = (part.face.astype(np.intp) + part.valid)[shown]
    bands = _runs(starts_s, ends_s, codes, GAP_S)
    return bands if len(bands) <= most else _majorities(starts_s, ends_s, codes, view, most)


def _runs(
    starts_s: NDArray[np.float64], ends_s: NDArray[np.float64], codes: NDArray[np.intp], gap_s: float
) -> tuple[Interval, ...]:
    if not len(codes):
        return ()
    breaks = (np.diff(codes) != 0) | (np.diff(starts_s) > gap_s)
    ends = np.append(np.flatnonzero(breaks), len(codes) - 1)
    begins = np.append(0, ends[:-1] + 1)
    names = tuple(Seen)
    return tuple(
        Interval(float(starts_s[a]), float(ends_s[b]), str(names[codes[a]])) for a, b in zip(begins, ends, strict=True)
    )


def _majorities(
    starts_s: NDArray[np.float64], ends_s: NDArray[np.float64], codes: NDArray[np.intp], view: Span, parts: int
) -> tuple[Interval, ...]:
    width_s = view.length_s / parts
    part = np.clip(((starts_s - view.start_s) / width_s).astype(np.intp), 0, parts - 1)
    held = np.bincount(part * len(Seen) + codes, ends_s - starts_s, parts * len(Seen)).reshape(parts, len(Seen))
    known = np.flatnonzero(held.sum(axis=1) > 0)
    begins_s = np.float64(view.start_s) + known.astype(np.float64) * np.float64(width_s)
    return _runs(begins_s, begins_s + np.float64(width_s), held[known].argmax(axis=1), max(GAP_S, 1.5 * width_s))
