"""How figures are written: signs, shares, times, intervals, and the names of moods."""

from __future__ import annotations

from typing import Final

from emrs_core.timeline.events import ReportMoment
from emrs_core.timeline.statistics.bootstrap import Estimate
from emrs_core.types import EMOTIONS, Emotion, MoodKind
from emrs_core.ui import words

UNKNOWN: Final = "–"
"""Stands for a figure that there is too little for."""

MOMENTS: Final = {
    ReportMoment.BEFORE: "Before",
    ReportMoment.DURING: "During",
    ReportMoment.AFTER: "After",
}

HINT: Final = (
    "An expression is not a feeling. Every figure is of what the face showed to the camera, and of what the network "
    "made of it."
)
NOTHING: Final = "There are no figures yet: nothing was recorded, or all of it is excluded."
NO_FACE: Final = (
    "No face could be read in what was recorded, so valence and arousal have no figures. More light from the front "
    "helps most."
)
SELDOM_SEEN: Final = (
    "A face could be read in less than half of the time. The figures speak for that part alone, and it may not be like "
    "the rest."
)
NO_SONGS: Final = "No song was on in this session."
NO_REPORTS: Final = "Nobody said how they felt in this session."
PHQ2: Final = (
    "The person's own answers to the PHQ-2 (Kroenke, Spitzer & Williams 2003). There is no score here, and two "
    "answers are never a diagnosis."
)
NO_CHANGES: Final = "The mood did not change in this session, so there is nothing to count."
NO_INTERVALS: Final = "The session is too short for intervals."


def mood_name(name: str) -> str:
    """A name of MOOD_NAMES for people."""
    return words.EMOTION_NAMES[Emotion(name)] if name in EMOTIONS else words.KIND_NAMES[MoodKind(name)]


def signed(value: float | None, digits: int = 2) -> str:
    """``+0.25``, with a real minus sign; never ``−0.00``."""
    if value is None:
        return UNKNOWN
    rounded = round(value, digits) + 0.0
    return f"{rounded:+.{digits}f}".replace("-", "−") if rounded else f"{0:.{digits}f}"


def plain(value: float | None, digits: int = 2) -> str:
    """A number that is mostly positive."""
    return UNKNOWN if value is None else f"{value:.{digits}f}".replace("-", "−")


def per_cent(share: float) -> str:
    """A share in [0, 1] that never rounds to all or nothing."""
    if share in (0.0, 1.0):
        return f"{100 * share:.0f} %"
    if 100 * share < 1:
        return "< 1 %"
    return f"{min(99, round(100 * share))} %"


def clock(seconds: float) -> str:
    """``1:05`` or ``1:02:05``."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def interval(estimate: Estimate | None, digits: int = 2) -> str:
    """``−0.03 to +0.27``; empty without one."""
    if estimate is None or estimate.low is None or estimate.high is None:
        return ""
    return f"{signed(estimate.low, digits)} to {signed(estimate.high, digits)}"


def share_interval(estimate: Estimate) -> str:
    """``12 to 31 %``; empty without one."""
    if estimate.low is None or estimate.high is None:
        return ""
    return f"{100 * estimate.low:.0f} to {100 * estimate.high:.0f} %"
