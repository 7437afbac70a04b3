"""A session's valence in a few numbers, kept up to date while it runs, so that a list need not read all samples."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from emrs_core.timeline.samples import Samples

BINS = 60
"""As many points as a line of some 120 px can show."""
FIRST_WIDTH_S = 1.0

Number = TypeVar("Number", int, float)


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Sums and counts of valence in at most ``BINS`` bins of ``width_s`` each; the width doubles when they are full."""

    width_s: float = FIRST_WIDTH_S
    sums: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()

    def plus(self, samples: Samples) -> Sparkline:
        """With those samples too; those without a place on the plane or before the session began do not count."""
        seen = samples.valid & ~np.isnan(samples.point[:, 0]) & (samples.t_s >= 0)
        if not seen.any():
            return self
        t_s, valence = samples.t_s[seen], samples.point[seen, 0].astype(np.float64)
        wide = self._reaching(float(np.max(t_s)))
        places = (t_s / wide.width_s).astype(np.intp)
        size = max(len(wide.sums), int(np.max(places)) + 1)
        sums, counts = np.zeros(size), np.zeros(size, dtype=np.int64)
        sums[: len(wide.sums)], counts[: len(wide.counts)] = wide.sums, wide.counts
        np.add.at(sums, places, valence)
        np.add.at(counts, places, 1)
        return Sparkline(wide.width_s, tuple(sums.tolist()), tuple(counts.tolist()))

    @property
    def points(self) -> tuple[float | None, ...]:
        """The mean valence of each bin, None where there is none."""
        return tuple(total / count if count else None for total, count in zip(self.sums, self.counts, strict=True))

    def to_json(self) -> str:
        return json.dumps([self.width_s, self.sums, self.counts])

    @classmethod
    def from_json(cls, text: str) -> Sparkline:
        """What ``to_json`` wrote; the empty line for empty text."""
        if not text:
            return cls()
        width_s, sums, counts = json.loads(text)
        return cls(width_s, tuple(sums), tuple(counts))

    def _reaching(self, t_s: float) -> Sparkline:
        line = self
        while t_s >= line.width_s * BINS:
            line = Sparkline(line.width_s * 2, _paired(line.sums), _paired(line.counts))
        return line


def _paired(values: tuple[Number, ...]) -> tuple[Number, ...]:
    return tuple(sum(values[k + 1 : k + 2], values[k]) for k in range(0, len(values), 2))
