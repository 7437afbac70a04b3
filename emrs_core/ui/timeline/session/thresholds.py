"""Episodes beyond a threshold that the visitor set on one of the curves."""

from __future__ import annotations

from typing import Final

import numpy as np

from emrs_core.timeline.review import included
from emrs_core.timeline.statistics.episodes import Episode, episodes
from emrs_core.types import EMOTIONS
from emrs_core.ui import words
from emrs_core.ui.timeline.session.chart import PLANE, PLANE_NAMES
from emrs_core.ui.timeline.session.choice import Readings, Review, Threshold
from emrs_core.ui.timeline.session.opened import OpenSession, curves

SERIES: Final = (*PLANE, *(str(emotion) for emotion in EMOTIONS))
SERIES_NAMES: Final = {**PLANE_NAMES, **{str(e): words.EMOTION_NAMES[e] for e in EMOTIONS}}
USUAL: Final = {**dict.fromkeys(PLANE, 0.3), **{str(e): 0.5 for e in EMOTIONS}}
"""Where a threshold begins: clearly off the middle of the plane; more likely than all others together."""


def episodes_of(session: OpenSession, review: Review) -> tuple[Episode, ...]:
    """Of the whole session; excluded time and time without a readable face have none. Empty without a threshold."""
    wanted = review.threshold
    if wanted is None or not len(session.now.samples):
        return ()
    samples = session.now.samples
    read = curves(samples, review.readings is Readings.RAW, session.baseline if review.less_baseline else None)
    if wanted.series in PLANE:
        values = read.point[:, PLANE.index(wanted.series)]
    else:
        values = read.probabilities[:, SERIES.index(wanted.series) - len(PLANE)]
    kept = np.where(included(session.now), values, np.float32(np.nan))
    return episodes(samples, kept, wanted.level, above=wanted.above)


def level_words(threshold: Threshold, value: float | None = None) -> str:
    """A value of the threshold's series as people read it; the threshold's own for None."""
    shown = threshold.level if value is None else value
    if threshold.series in PLANE:
        return f"{shown:+.2f}".replace("-", "\N{MINUS SIGN}")
    return f"{shown * 100:.0f} %".replace("-", "\N{MINUS SIGN}")


def threshold_words(threshold: Threshold) -> str:
    """``Valence above +0.30``."""
    side = "above" if threshold.above else "below"
    return f"{SERIES_NAMES[threshold.series]} {side} {level_words(threshold)}"
