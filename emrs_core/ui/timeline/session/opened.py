"""The one session that a page shows: read once, then zoomed, marked and redrawn without asking the store again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emrs_core.timeline.events import Baseline
from emrs_core.timeline.intervals import Span, holds, merged
from emrs_core.timeline.review import current, excluded_spans, length_s
from emrs_core.timeline.samples import Samples
from emrs_core.timeline.sessions import SessionState, Timeline
from emrs_core.timeline.statistics.baseline import baseline_of, less_baseline
from emrs_core.timeline.statistics.songs import SongSegment, segments_of
from emrs_core.timeline.store import KeptSessions

LEAST_S: Final = 1.0
"""Width of the narrowest view, and of the whole of a session in which nothing happened."""


@dataclass(slots=True, eq=False)
class OpenSession:
    """A session as read: ``history`` with every event, ``now`` as it stands after review."""

    store: KeptSessions
    history: Timeline
    now: Timeline = field(init=False)
    songs: tuple[SongSegment, ...] = field(init=False)
    excluded: tuple[Span, ...] = field(init=False)
    baseline: Baseline | None = field(init=False)
    whole: Span = field(init=False)  # from the first to the last thing known

    def __post_init__(self) -> None:
        self._take(self.history)

    @classmethod
    def read(cls, store: KeptSessions, session_id: str) -> OpenSession:
        """Raises TimelineNotFound and StoreUnavailable."""
        return cls(store, store.read(session_id))

    def refresh(self) -> None:
        """Read what was added: it still runs, or was edited."""
        history = self.store.reread(self.history)
        if history is not self.history:
            self._take(history)

    @property
    def running(self) -> bool:
        return self.history.info.state is SessionState.RUNNING

    def view(self, wanted: Span | None) -> Span:
        """That stretch, as far as it lies within the session; all of it for None."""
        if wanted is None:
            return self.whole
        start_s = min(max(wanted.start_s, self.whole.start_s), self.whole.end_s - LEAST_S)
        return Span(start_s, max(min(wanted.end_s, self.whole.end_s), start_s + LEAST_S))

    def _take(self, history: Timeline) -> None:
        self.history, self.now = history, current(history)
        self.songs, self.excluded = segments_of(history), merged(excluded_spans(self.now))
        self.baseline = baseline_of(history)
        samples = self.now.samples
        first_s = min(0.0, float(samples.t_s[0])) if len(samples) else 0.0
        last_s = float(samples.t_s[-1] + holds(samples)[-1]) if len(samples) else 0.0
        self.whole = Span(first_s, max(last_s, length_s(self.now), first_s + LEAST_S))


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """Readings to draw or to measure: NaN wherever the face could not be read."""

    t_s: NDArray[np.float64]  # (N,)
    probabilities: NDArray[np.float32]  # (N, 7) of the single look or smoothed, as asked
    point: NDArray[np.float32]  # (N, 2) valence and arousal


def curves(samples: Samples, raw: bool, baseline: Baseline | None = None) -> Curves:
    """The samples' curves; with a ``baseline`` less the person's neutral face."""
    seen = samples.valid[:, None]
    source = samples if baseline is None else less_baseline(samples, baseline)
    looks = source.raw if raw else source.smoothed
    nothing = np.float32(np.nan)
    return Curves(samples.t_s, np.where(seen, looks, nothing), np.where(seen, source.point, nothing))


def stretch(samples: Samples, view: Span) -> Samples:
    """The samples of that stretch and one on either side, so that lines reach the edge."""
    first = max(0, int(np.searchsorted(samples.t_s, view.start_s)) - 1)
    last = int(np.searchsorted(samples.t_s, view.end_s, side="right")) + 1
    return samples.take(slice(first, last))
