"""How much of a session the face could be read, and how much of it showed each emotion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from emrs_core.timeline.samples import MOOD_NAMES
from emrs_core.timeline.statistics.bootstrap import RESAMPLES, Estimate, Floats, block_length, estimates
from emrs_core.timeline.statistics.epochs import Epochs
from emrs_core.types import EMOTIONS


@dataclass(frozen=True, slots=True)
class TimeShare:
    """For how long a name held, and which share of the time that was (a share in [0, 1] with its interval)."""

    name: str
    seconds: float
    share: Estimate


def valid_face_share(epochs: Epochs) -> float:
    """Seconds with a readable face over seconds recorded, in [0, 1]; 0 where nothing was recorded."""
    recorded = float(epochs.recorded_s.sum())
    return float(epochs.valid_s.sum()) / recorded if recorded else 0.0


def time_per_mood(epochs: Epochs, rng: np.random.Generator, resamples: int = RESAMPLES) -> tuple[TimeShare, ...]:
    """The calm reading: seconds and share of each name of MOOD_NAMES, of all recorded time."""
    return _shares(epochs.mood_s, MOOD_NAMES, rng, resamples)


def time_per_raw_emotion(epochs: Epochs, rng: np.random.Generator, resamples: int = RESAMPLES) -> tuple[TimeShare, ...]:
    """The single looks: seconds and share of each emotion at the top, of the time with a look."""
    return _shares(epochs.raw_s, tuple(str(e) for e in EMOTIONS), rng, resamples)


def _shares(seconds: Floats, names: tuple[str, ...], rng: np.random.Generator, resamples: int) -> tuple[TimeShare, ...]:
    """One block length for all: that of the name whose share moves most slowly, the careful choice."""
    totals = seconds.sum(axis=0)
    spent = seconds[seconds.sum(axis=1) > 0]
    if not len(spent):
        return tuple(TimeShare(name, 0.0, Estimate(0.0)) for name in names)
    length = max(block_length(spent[:, k]) for k in range(len(names)))
    found = estimates(spent, _fractions, length, rng, resamples)
    return tuple(TimeShare(name, float(s), e) for name, s, e in zip(names, totals, found, strict=True))


def _fractions(sums: Floats) -> Floats:
    total = sums.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(sums, total, out=np.full_like(sums, np.nan), where=total > 0)
    return shares
