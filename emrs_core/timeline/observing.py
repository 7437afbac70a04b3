"""From the live pipeline's frames to the samples and events of a session. Pure: no thread, no clock, no store."""

from __future__ import annotations

from emrs_core.timeline.events import Event, FaceFound, FaceLost, MoodChanged, Sample
from emrs_core.types import FrameAnalysis, MoodKind, MoodState, QualityIssue

GAP_S = 0.1
"""At most ten samples a second."""
JITTER_S = 0.05
"""A look may come that much before its turn, so that a camera's uneven frames do not halve the rate."""


class Observer:
    """Which frames become samples, and what changed since the last one. ``start_s`` is the session's zero."""

    def __init__(self, start_s: float) -> None:
        self._start_s = start_s
        self._due_s = 0.0
        self._mood: MoodState | None = None

    def see(self, analysis: FrameAnalysis, mood: MoodState) -> tuple[Sample | None, tuple[Event, ...]]:
        """The sample of this frame, if it is one, and the events. Frames of before the session's start are nothing."""
        t_s = analysis.t_s - self._start_s
        if t_s < 0:
            return None, ()
        events = self._changes(t_s, mood)
        self._mood = mood
        return (self._sample(t_s, analysis, mood) if self._is_due(t_s, analysis) else None), events

    def _is_due(self, t_s: float, analysis: FrameAnalysis) -> bool:
        readable = analysis.listener is not None and analysis.listener.quality.ok
        if readable and analysis.estimate is None:  # no look was due: the frame says nothing of its own
            return False
        if t_s < self._due_s:
            return False
        self._due_s = max(self._due_s, t_s - JITTER_S) + GAP_S
        return True

    def _changes(self, t_s: float, mood: MoodState) -> tuple[Event, ...]:
        before = self._mood
        events: list[Event] = []
        if before is not None and before.name != mood.name:
            events.append(MoodChanged(t_s=t_s, before=before.name, after=mood.name))
        was, now = before is not None and _somebody(before), _somebody(mood)
        if now and not was:
            events.append(FaceFound(t_s=t_s))
        elif was and not now:
            events.append(FaceLost(t_s=t_s))
        return tuple(events)

    def _sample(self, t_s: float, analysis: FrameAnalysis, mood: MoodState) -> Sample:
        face = analysis.listener
        return Sample(
            t_s=t_s,
            mood=mood.name,
            raw=analysis.estimate.probabilities if analysis.estimate else None,
            smoothed=mood.probabilities,
            face=face is not None,
            quality=_issues(analysis),
            point=mood.point,
        )


def _somebody(mood: MoodState) -> bool:
    return mood.kind not in (MoodKind.NO_FACE, MoodKind.WAITING)


def _issues(analysis: FrameAnalysis) -> tuple[QualityIssue, ...]:
    quality = analysis.listener.quality if analysis.listener is not None else analysis.picture
    return tuple(sorted(set(quality.reasons), key=list(QualityIssue).index))
