"""What the person said beside what the face showed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from emrs_core.timeline.events import SAM_SCALE, ReportMoment, SelfReport
from emrs_core.timeline.review import current
from emrs_core.timeline.sessions import Timeline
from emrs_core.timeline.statistics.epochs import Epochs
from emrs_core.types import AffectPoint

FACE_WINDOW_S = 30.0
"""The face around a report: so long before and after it, cut at the session's ends."""


@dataclass(frozen=True, slots=True)
class ReportBesideFace:
    """A self-report as a place on the plane, the face's mean place around it, and report less face (None: no face)."""

    report: SelfReport
    said: AffectPoint
    face: AffectPoint | None
    valence_less_face: float | None
    arousal_less_face: float | None


@dataclass(frozen=True, slots=True)
class ReportChange:
    """After less before, in steps of the nine-step scale."""

    valence: int
    arousal: int


def sam_point(valence: int, arousal: int) -> AffectPoint:
    """Nine steps onto the plane: 1 is -1, 5 is 0, 9 is 1. Source of the scale: Bradley & Lang (1994)."""
    low, high = SAM_SCALE
    middle, half = (low + high) / 2, (high - low) / 2
    return AffectPoint((valence - middle) / half, (arousal - middle) / half)


def reports_beside_face(timeline: Timeline, epochs: Epochs) -> tuple[ReportBesideFace, ...]:
    """Every self-report in order of time."""
    reports = [e for e in current(timeline).events if isinstance(e, SelfReport)]
    return tuple(_beside(report, epochs) for report in reports)


def report_change(timeline: Timeline) -> ReportChange | None:
    """The last report after less the first before; None without both."""
    reports = [e for e in current(timeline).events if isinstance(e, SelfReport)]
    before = next((r for r in reports if r.moment is ReportMoment.BEFORE), None)
    after = next((r for r in reversed(reports) if r.moment is ReportMoment.AFTER), None)
    if before is None or after is None:
        return None
    return ReportChange(after.valence - before.valence, after.arousal - before.arousal)


def _beside(report: SelfReport, epochs: Epochs) -> ReportBesideFace:
    said = sam_point(report.valence, report.arousal)
    points = epochs.between(report.t_s - FACE_WINDOW_S, report.t_s + FACE_WINDOW_S).point
    points = points[~np.isnan(points).any(axis=1)]
    if not len(points):
        return ReportBesideFace(report, said, None, None, None)
    valence, arousal = (float(v) for v in np.clip(points.mean(axis=0), -1, 1))
    face = AffectPoint(valence, arousal)
    return ReportBesideFace(report, said, face, said.valence - valence, said.arousal - arousal)
