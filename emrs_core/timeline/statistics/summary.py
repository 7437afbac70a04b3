"""All figures of one session together, as the Timelines page and the exports show them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from emrs_core.timeline.events import Phq2
from emrs_core.timeline.review import current
from emrs_core.timeline.sessions import Timeline
from emrs_core.timeline.statistics.baseline import baseline_of, neutral_place
from emrs_core.timeline.statistics.bootstrap import RESAMPLES
from emrs_core.timeline.statistics.course import Course, course_of
from emrs_core.timeline.statistics.epochs import epochs_of
from emrs_core.timeline.statistics.reports import ReportBesideFace, ReportChange, report_change, reports_beside_face
from emrs_core.timeline.statistics.shares import TimeShare, time_per_mood, time_per_raw_emotion, valid_face_share
from emrs_core.timeline.statistics.songs import SongChange, song_changes
from emrs_core.timeline.statistics.transitions import Transitions, transitions_of
from emrs_core.types import AffectPoint


@dataclass(frozen=True, slots=True)
class Summary:
    """One session in figures, excluded time left out. Shares in [0, 1], times in seconds."""

    recorded_s: float
    valid_s: float
    valid_face_share: float
    moods: tuple[TimeShare, ...]  # the calm reading: seven emotions, unsure, no_face
    raw_emotions: tuple[TimeShare, ...]  # the tops of the single looks
    transitions: Transitions
    valence: Course
    arousal: Course
    songs: tuple[SongChange, ...]
    reports: tuple[ReportBesideFace, ...]
    report_change: ReportChange | None
    questions: tuple[Phq2, ...] = ()  # answers to the two questions, where the study asks them
    neutral: AffectPoint | None = None  # the calibrated neutral face's place, to be subtracted on demand


def summarise(timeline: Timeline, *, seed: int = 0, resamples: int = RESAMPLES) -> Summary:
    """The figures of a session as it stands after review. The same seed gives the same intervals. Pure, any thread."""
    rng = np.random.default_rng(seed)
    epochs, baseline = epochs_of(timeline), baseline_of(timeline)
    return Summary(
        recorded_s=float(epochs.recorded_s.sum()),
        valid_s=float(epochs.valid_s.sum()),
        valid_face_share=valid_face_share(epochs),
        moods=time_per_mood(epochs),
        raw_emotions=time_per_raw_emotion(epochs),
        transitions=transitions_of(timeline),
        valence=course_of(epochs, 0, rng, resamples),
        arousal=course_of(epochs, 1, rng, resamples),
        songs=song_changes(timeline, epochs, rng, resamples),
        reports=reports_beside_face(timeline, epochs),
        report_change=report_change(timeline),
        questions=tuple(e for e in current(timeline).events if isinstance(e, Phq2)),
        neutral=neutral_place(baseline) if baseline else None,
    )
