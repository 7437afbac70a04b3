"""From samples to stretches of time: what was recorded, what was missing, and which mood held from when to when.

A sample holds until the next one comes. Where none comes for longer than ``GAP_S`` nothing is known of the time
between: that is a gap, and no statistic fills it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from emrs_core.timeline.samples import MOOD_NAMES, Samples

GAP_S = 1.0
"""Longest time a sample speaks for. The live analysis gives two to ten a second, so a longer pause is a real one."""
USUAL_STEP_S = 0.1  # how long the last sample before a gap holds when there is no other to tell the usual step from


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of time, seconds since the session began; ``end_s`` is not part of it."""

    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True, order=True)
class Interval(Span):
    """A stretch in which one label held without a break."""

    label: str = ""


def holds(samples: Samples) -> NDArray[np.float64]:
    """(N,) seconds for which each sample speaks: until the next one, or the usual step before a gap and at the end."""
    if len(samples) == 0:
        return np.zeros(0)
    steps = np.diff(samples.t_s)
    ordinary = steps[(steps > 0) & (steps <= GAP_S)]
    usual_s = float(np.median(ordinary)) if len(ordinary) else USUAL_STEP_S
    return np.append(np.where(steps <= GAP_S, steps, usual_s), usual_s)


def recorded(samples: Samples) -> tuple[Span, ...]:
    """The stretches in which samples came without a gap."""
    return _runs(samples, np.zeros(len(samples), dtype=np.intp))


def gaps(samples: Samples) -> tuple[Span, ...]:
    """The stretches between recorded ones."""
    spans = recorded(samples)
    return tuple(Span(a.end_s, b.start_s) for a, b in pairwise(spans))


def mood_intervals(samples: Samples) -> tuple[Interval, ...]:
    """Each mood from when to when: they never overlap, and together they cover what was recorded."""
    ends = _run_ends(samples, samples.mood.astype(np.intp))
    spans = _spans(samples, ends)
    labels = (MOOD_NAMES[samples.mood[end - 1]] for end in ends)
    return tuple(Interval(span.start_s, span.end_s, label) for span, label in zip(spans, labels, strict=True))


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time as spans that neither overlap nor touch; empty and reversed ones vanish."""
    done: list[Span] = []
    for span in sorted(Span(s.start_s, s.end_s) for s in spans if s.end_s > s.start_s):
        if done and span.start_s <= done[-1].end_s:
            done[-1] = Span(done[-1].start_s, max(done[-1].end_s, span.end_s))
        else:
            done.append(span)
    return tuple(done)


def without(spans: Iterable[Span], holes: Iterable[Span]) -> tuple[Span, ...]:
    """What is left of ``spans`` when the time of ``holes`` is taken out."""
    left: list[Span] = []
    cut = merged(holes)
    for span in merged(spans):
        start_s = span.start_s
        for hole in cut:
            if hole.end_s <= start_s or hole.start_s >= span.end_s:
                continue
            if hole.start_s > start_s:
                left.append(Span(start_s, hole.start_s))
            start_s = max(start_s, hole.end_s)
        if start_s < span.end_s:
            left.append(Span(start_s, span.end_s))
    return tuple(left)


def inside(t_s: NDArray[np.float64], spans: Iterable[Span]) -> NDArray[np.bool_]:
    """(N,) which of these moments lie in one of the spans."""
    kept = merged(spans)
    edges = np.array([edge for span in kept for edge in (span.start_s, span.end_s)])
    odd: NDArray[np.bool_] = np.searchsorted(edges, t_s, side="right") % 2 == 1
    return odd


def _runs(samples: Samples, codes: NDArray[np.intp]) -> tuple[Span, ...]:
    return _spans(samples, _run_ends(samples, codes))


def _run_ends(samples: Samples, codes: NDArray[np.intp]) -> list[int]:
    """One past the last row of each run of equal codes without a gap."""
    if len(samples) == 0:
        return []
    breaks = (np.diff(codes) != 0) | (np.diff(samples.t_s) > GAP_S)
    return [*(np.flatnonzero(breaks) + 1).tolist(), len(samples)]


def _spans(samples: Samples, ends: list[int]) -> tuple[Span, ...]:
    held = holds(samples)
    starts = [0, *ends[:-1]]
    return tuple(
        Span(float(samples.t_s[start]), float(samples.t_s[end - 1] + held[end - 1]))
        for start, end in zip(starts, ends, strict=False)
    )
