"""A session's samples as columns: eight hours at ten a second are 288,000 rows, too many for one object each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from emrs_core.timeline.events import Sample
from emrs_core.types import EMOTIONS, AffectPoint, MoodKind, QualityIssue

MOOD_NAMES: tuple[str, ...] = (*(str(emotion) for emotion in EMOTIONS), str(MoodKind.UNSURE), str(MoodKind.NO_FACE))
"""The code of a sample's mood is its place here. Stored: only ever add at the end."""
QUALITY_ISSUES: tuple[QualityIssue, ...] = tuple(QualityIssue)
"""Bit k of a sample's quality is issue k. Stored: only ever add at the end."""


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """N samples in order of time; the arrays must not be written to. NaN stands where nothing was read."""

    t_s: NDArray[np.float64]  # (N,)
    mood: NDArray[np.int8]  # (N,) places in MOOD_NAMES
    raw: NDArray[np.float32]  # (N, 7) probabilities of the single look
    smoothed: NDArray[np.float32]  # (N, 7)
    face: NDArray[np.bool_]  # (N,)
    quality: NDArray[np.uint8]  # (N,) bits of QUALITY_ISSUES; 0 where the face could be read
    point: NDArray[np.float32]  # (N, 2) valence and arousal in [-1, 1]

    def __len__(self) -> int:
        return len(self.t_s)

    def __iter__(self) -> Iterator[Sample]:
        return (self.row(k) for k in range(len(self)))

    @property
    def valid(self) -> NDArray[np.bool_]:
        """(N,) where a face was there and could be read."""
        readable: NDArray[np.bool_] = self.face & (self.quality == 0)
        return readable

    def row(self, k: int) -> Sample:
        point = self.point[k]
        return Sample(
            t_s=float(self.t_s[k]),
            mood=MOOD_NAMES[self.mood[k]],
            raw=_probabilities(self.raw[k]),
            smoothed=_probabilities(self.smoothed[k]),
            face=bool(self.face[k]),
            quality=tuple(issue for bit, issue in enumerate(QUALITY_ISSUES) if self.quality[k] >> bit & 1),
            point=None if np.isnan(point).any() else AffectPoint(float(point[0]), float(point[1])),
        )

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_] | slice) -> Samples:
        """Those rows as columns of their own."""
        return Samples(
            self.t_s[rows],
            self.mood[rows],
            self.raw[rows],
            self.smoothed[rows],
            self.face[rows],
            self.quality[rows],
            self.point[rows],
        )

    def in_order(self) -> Samples:
        """The same in order of time; themselves where they are."""
        if bool((np.diff(self.t_s) >= 0).all()):
            return self
        return self.take(np.argsort(self.t_s, kind="stable"))

    def with_moods(self, mood: NDArray[np.int8]) -> Samples:
        """The same with those places in MOOD_NAMES, (N,)."""
        return replace(self, mood=mood)

    @classmethod
    def joined(cls, parts: Sequence[Samples]) -> Samples:
        """All parts one after the other."""
        if not parts:
            return cls.of(())
        return cls(**{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(cls)})

    @classmethod
    def of(cls, samples: Iterable[Sample]) -> Samples:
        """Columns of those samples, in the order in which they come. Raises ValueError for an unknown mood name."""
        rows = list(samples)
        nothing = (np.nan,) * len(EMOTIONS)
        nowhere = (np.nan, np.nan)
        return cls(
            t_s=np.array([s.t_s for s in rows], dtype=np.float64),
            mood=np.array([MOOD_NAMES.index(s.mood) for s in rows], dtype=np.int8),
            raw=np.array([s.raw or nothing for s in rows], dtype=np.float32).reshape(-1, len(EMOTIONS)),
            smoothed=np.array([s.smoothed or nothing for s in rows], dtype=np.float32).reshape(-1, len(EMOTIONS)),
            face=np.array([s.face for s in rows], dtype=np.bool_),
            quality=np.array([_bits(s.quality) for s in rows], dtype=np.uint8),
            point=np.array(
                [(s.point.valence, s.point.arousal) if s.point else nowhere for s in rows], dtype=np.float32
            ).reshape(-1, 2),
        )


def _bits(issues: Iterable[QualityIssue]) -> int:
    return sum(1 << QUALITY_ISSUES.index(issue) for issue in set(issues))


def _probabilities(row: NDArray[np.float32]) -> tuple[float, ...] | None:
    return None if np.isnan(row).any() else tuple(float(p) for p in row)
