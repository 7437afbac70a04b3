"""When the list of songs may change: rarely, and only when the mood has really moved."""

from __future__ import annotations

import math
from dataclasses import dataclass

from emrs_core.types import AffectPoint, MoodKind, MoodState


@dataclass(frozen=True, slots=True)
class RefreshParameters:
    """Seconds, or plane units. Our own choices: a list that moves while it is read is worse than one that lags."""

    patience_s: float = 8.0  # of camera; then any credible mood will do, so that songs are there within 12 s of Start
    distance: float = 0.25  # a step of the guide's path: nearer moods share most of their songs
    dwell_s: float = 8.0  # how long the mood must stay away before it counts
    gap_s: float = 30.0  # between two lists


class SongListPolicy:
    """Feed it every mood in order of time; it answers with a target whenever a new list is due.

    Pure and O(1). Not thread-safe. The first list comes as soon as the slow mood is ready, or from the best mood there
    is once ``patience_s`` have passed since the first observation. Later ones need the slow mood to have moved from the
    last target by more than ``distance``, to have stayed there for ``dwell_s``, and ``gap_s`` since the last list.
    Nothing ever changes while there is no face or no credible mood. ``shown`` is the target of a list that is there
    already: then there is no first one to make.
    """

    def __init__(self, parameters: RefreshParameters | None = None, shown: AffectPoint | None = None) -> None:
        self._p = parameters or RefreshParameters()
        self._begun_s: float | None = None
        self._target = shown
        self._changed_s = -math.inf
        self._pending: AffectPoint | None = None
        self._pending_since_s = 0.0

    def observe(self, mood: MoodState) -> AffectPoint | None:
        """The target of a new list if one is due at ``mood.t_s``, else None. Not yet raised to the safe valence."""
        if self._begun_s is None:
            self._begun_s = mood.t_s
        if mood.kind is not MoodKind.EMOTION:
            self._pending = None
            return None
        due = self._first(mood, self._begun_s) if self._target is None else self._next(mood, self._target)
        if due is not None:
            self._target, self._changed_s, self._pending = due, mood.t_s, None
        return due

    def _first(self, mood: MoodState, begun_s: float) -> AffectPoint | None:
        if mood.slow is not None and mood.slow.ready:
            return mood.slow.point
        if mood.t_s - begun_s < self._p.patience_s:
            return None
        return mood.slow.point if mood.slow is not None else mood.point

    def _next(self, mood: MoodState, target: AffectPoint) -> AffectPoint | None:
        if mood.slow is None or not mood.slow.ready:
            return None
        point = mood.slow.point
        if point.distance_to(target) <= self._p.distance:
            self._pending = None
        elif self._pending is None or point.distance_to(self._pending) > self._p.distance:
            self._pending, self._pending_since_s = point, mood.t_s
        dwelt = self._pending is not None and mood.t_s - self._pending_since_s >= self._p.dwell_s
        return point if dwelt and mood.t_s - self._changed_s >= self._p.gap_s else None
