"""From a stream of looks at a face to a calm mood: smoothed in seconds, with hysteresis and dwell.

Pure: no clock of its own, no threads. The caller serialises the calls.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, replace

from emrs_core.affect import point_of, spread_of
from emrs_core.types import EMOTIONS, Emotion, EmotionEstimate, FrameAnalysis, MoodKind, MoodState, SlowMood


@dataclass(frozen=True, slots=True)
class MoodParameters:
    """The tracker's constants. Seconds, or probabilities.

    Chosen so that a steady face with independent noise changes its label less than twice a minute and a real
    change is followed within two seconds; ``tests/unit/test_mood.py`` holds both over random streams.
    """

    fast_tau_s: float = 0.6  # time constant of the label's average
    slow_tau_s: float = 15.0  # of the mood that steers the music
    dwell_s: float = 0.4  # how long a new label must lead before it is shown
    first_dwell_s: float = 0.3  # the very first label, which replaces none, after about three looks
    lead: float = 0.10  # by how much it must lead the shown one; as much more for each recent change
    recent_s: float = 30.0  # how long a change counts as recent: a face between two labels settles on one
    recent_most: int = 3  # no more than these count, so that a clear change is never kept out
    credible: float = 0.45  # a label below this is not put forward ...
    still_credible: float = 0.35  # ... and one already shown is kept down to this
    valid_top: float = 0.40  # looks whose best class is weaker do not move the slow mood
    absence_s: float = 0.8  # a face must be away this long before the state says so: Haar blinks
    memory_s: float = 3.0  # after this long without a look the fast average starts afresh
    ready_looks: int = 20  # valid looks ...
    ready_s: float = 8.0  # ... over so many seconds before the slow mood may choose songs


@dataclass(slots=True)
class _Average:
    """A time-weighted exponential average that is unbiased from its first value."""

    tau_s: float
    weight: float = 0.0
    sums: tuple[float, ...] = (0.0,) * len(EMOTIONS)

    def add(self, values: tuple[float, ...], dt_s: float) -> None:
        keep = math.exp(-dt_s / self.tau_s)
        share = 1.0 - keep
        self.weight = self.weight * keep + share
        self.sums = tuple(s * keep + v * share for s, v in zip(self.sums, values, strict=True))

    @property
    def value(self) -> tuple[float, ...]:
        total = math.fsum(self.sums)
        return tuple(s / total for s in self.sums)

    def reset(self) -> None:
        self.weight, self.sums = 0.0, (0.0,) * len(EMOTIONS)


class MoodTracker:
    """Feed it every FrameAnalysis in order of time; ``state`` is the calm reading after the last one.

    Times that stand still or run backwards are taken as no time passed. Not thread-safe.
    """

    FIRST_LOOK_DT_S = 0.1  # the weight of a look that has none before it
    LONGEST_DT_S = 0.5  # a look after a gap counts no more than this
    EASING = 0.05  # how much less probability keeps a label, for each recent change

    def __init__(self, parameters: MoodParameters | None = None) -> None:
        self._p = parameters or MoodParameters()
        self.reset()

    def reset(self) -> None:
        """Forget everything, as before the first frame."""
        self._fast = _Average(self._p.fast_tau_s)
        self._slow = _Average(self._p.slow_tau_s)
        self._last_look_s: float | None = None
        self._absent_since_s: float | None = None
        self._candidate: Emotion | None = None
        self._candidate_since_s: float | None = None
        self._changed_s: deque[float] = deque(maxlen=self._p.recent_most)
        self._valid_looks = 0
        self._valid_s = 0.0
        self._state = MoodState(t_s=0.0, kind=MoodKind.WAITING)

    @property
    def state(self) -> MoodState:
        return self._state

    def update(self, analysis: FrameAnalysis) -> MoodState:
        """Take in one frame; O(1). A face without an estimate (none was due) leaves the reading as it is."""
        t_s = max(analysis.t_s, self._state.t_s)
        if analysis.estimate is not None:
            self._absent_since_s = None
            self._look(analysis.estimate, t_s)
        elif analysis.listener is None:
            self._without_look(t_s, MoodKind.NO_FACE)
        elif not analysis.listener.quality.ok:
            self._without_look(t_s, MoodKind.POOR_FACE)
        else:
            self._state = replace(self._state, t_s=t_s)
        return self._state

    def _look(self, estimate: EmotionEstimate, t_s: float) -> None:
        dt_s = self.FIRST_LOOK_DT_S
        if self._last_look_s is not None:
            if t_s - self._last_look_s > self._p.memory_s:
                self._fast.reset()
                self._forget_label()
            dt_s = min(t_s - self._last_look_s, self.LONGEST_DT_S)
        self._last_look_s = t_s
        if dt_s > 0 or self._fast.weight == 0:
            self._fast.add(estimate.probabilities, dt_s or self.FIRST_LOOK_DT_S)
        if max(estimate.probabilities) >= self._p.valid_top:
            self._slow.add(estimate.probabilities, dt_s or self.FIRST_LOOK_DT_S)
            self._valid_looks += 1
            self._valid_s += dt_s
        self._settle(t_s)

    def _settle(self, t_s: float) -> None:
        """Let the label follow the fast average, once a new one has led by enough for long enough."""
        smoothed = self._fast.value
        shown = self._state.label
        wanted = self._wanted(smoothed, shown, self._recent_changes(t_s))
        if wanted != self._candidate or self._candidate_since_s is None:
            self._candidate, self._candidate_since_s = wanted, t_s
        fresh = self._state.kind is MoodKind.WAITING
        dwell_s = self._p.first_dwell_s if fresh else self._p.dwell_s
        settled = t_s - self._candidate_since_s >= dwell_s
        if settled or (self._state.kind is MoodKind.EMOTION and wanted == shown):
            self._show(wanted, smoothed, t_s)
        elif self._state.kind is MoodKind.EMOTION:
            self._show(shown, smoothed, t_s)
        elif fresh:
            self._state = replace(
                self._state, t_s=t_s, probabilities=smoothed, point=point_of(smoothed), slow=self._slow_mood()
            )
        else:
            self._show(None, smoothed, t_s)
        if not fresh and self._state.label is not shown:
            self._changed_s.append(t_s)

    def _recent_changes(self, t_s: float) -> int:
        return sum(t_s - changed_s <= self._p.recent_s for changed_s in self._changed_s)

    def _wanted(self, smoothed: tuple[float, ...], shown: Emotion | None, recent: int) -> Emotion | None:
        """The label that the average speaks for now; None when no class is credible.

        Each recent change makes the next one harder: a face between two labels settles on one of them.
        """
        best = max(range(len(EMOTIONS)), key=smoothed.__getitem__)
        if shown is not None:
            held = smoothed[EMOTIONS.index(shown)]
            lead, kept_to = self._p.lead * (1 + recent), self._p.still_credible - self.EASING * recent
            if held >= kept_to and smoothed[best] - held < lead:
                return shown
        return EMOTIONS[best] if smoothed[best] >= self._p.credible else None

    def _show(self, label: Emotion | None, smoothed: tuple[float, ...], t_s: float) -> None:
        self._state = MoodState(
            t_s=t_s,
            kind=MoodKind.UNSURE if label is None else MoodKind.EMOTION,
            label=label,
            confidence=0.0 if label is None else smoothed[EMOTIONS.index(label)],
            probabilities=smoothed,
            point=point_of(smoothed),
            slow=self._slow_mood(),
        )

    def _without_look(self, t_s: float, kind: MoodKind) -> None:
        if self._absent_since_s is None:
            self._absent_since_s = t_s
        if t_s - self._absent_since_s >= self._p.absence_s or self._state.kind is MoodKind.WAITING:
            self._forget_label()
            self._state = replace(self._state, t_s=t_s, kind=kind, label=None, confidence=0.0)
        else:
            self._state = replace(self._state, t_s=t_s)

    def _forget_label(self) -> None:
        self._candidate = self._candidate_since_s = None

    def _slow_mood(self) -> SlowMood | None:
        if self._slow.weight == 0:
            return None
        average = self._slow.value
        return SlowMood(
            point=point_of(average),
            label=EMOTIONS[max(range(len(EMOTIONS)), key=average.__getitem__)],
            spread=spread_of(average),
            ready=self._valid_looks >= self._p.ready_looks and self._valid_s >= self._p.ready_s,
        )
