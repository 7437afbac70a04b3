"""Two or more sessions side by side: their curves on the time since each began, and their figures with differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from emrs_core.timeline.downsample import Line, thin
from emrs_core.timeline.review import current, included
from emrs_core.timeline.samples import MOOD_NAMES, Samples
from emrs_core.timeline.sessions import Timeline
from emrs_core.timeline.statistics.bootstrap import Estimate
from emrs_core.timeline.statistics.summary import Summary
from emrs_core.types import EMOTIONS, Emotion

POINTS = 600
"""Of one session's curve: several lie on top of each other, and finer detail is for a session on its own."""


class Axis(StrEnum):
    """A dimension of the plane."""

    VALENCE = "valence"
    AROUSAL = "arousal"


Quantity = Axis | Emotion
"""What can be laid over each other: a dimension in [-1, 1], or an emotion's smoothed probability in [0, 1]."""


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """One figure of every session, in their order; None where a session has too little to say."""

    name: str
    unit: str
    values: tuple[Estimate | None, ...]

    def difference(self, place: int) -> float | None:
        """That session's figure less the first one's; None where either is not known."""
        first, other = self.values[0], self.values[place]
        return None if first is None or other is None else other.value - first.value


def curve(timeline: Timeline, quantity: Quantity, points: int = POINTS) -> Line:
    """One session's course as it stands after review; unread and excluded time is a gap (NaN)."""
    now = current(timeline)
    values = np.where(now.samples.valid & included(now), _column(now.samples, quantity), np.nan)
    (line,) = thin(now.samples.t_s, values[:, None], points)
    return line


def compare(summaries: Sequence[Summary]) -> tuple[ComparedFigure, ...]:
    """The figures of these sessions, the rows of a table. Moods and emotions that none of them showed are left out."""
    rows = [
        _plain("recorded", "s", [s.recorded_s for s in summaries]),
        _plain("readable face", "share", [s.valid_face_share for s in summaries]),
        _plain("songs", "songs", [float(len(s.songs)) for s in summaries]),
    ]
    for axis in Axis:
        courses = [s.valence if axis is Axis.VALENCE else s.arousal for s in summaries]
        rows += [
            ComparedFigure(f"{axis}, mean", "plane", tuple(c.mean for c in courses)),
            ComparedFigure(f"{axis}, slope", "plane a minute", tuple(c.slope_per_min for c in courses)),
            _plain(f"{axis}, inertia", "", [c.inertia for c in courses]),
            _plain(f"{axis}, instability", "squared plane", [c.instability for c in courses]),
        ]
    rows.append(_plain("changes of mood", "a minute", [s.transitions.changes_per_minute for s in summaries]))
    rows += _time_rows(summaries)
    return tuple(rows)


def _column(samples: Samples, quantity: Quantity) -> NDArray[np.floating]:
    if isinstance(quantity, Axis):
        return samples.point[:, tuple(Axis).index(quantity)]
    return samples.smoothed[:, EMOTIONS.index(quantity)]


def _plain(name: str, unit: str, values: Sequence[float | None]) -> ComparedFigure:
    return ComparedFigure(name, unit, tuple(None if value is None else Estimate(value) for value in values))


def _time_rows(summaries: Sequence[Summary]) -> list[ComparedFigure]:
    """The share of time of each calm mood that any of them had."""
    rows = []
    for place, name in enumerate(MOOD_NAMES):
        shares = [s.moods[place] for s in summaries]
        if any(share.seconds for share in shares):
            rows.append(ComparedFigure(f"time {name}", "share", tuple(share.share for share in shares)))
    return rows
