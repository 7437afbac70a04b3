"""Rates and delays over the last few seconds."""

from __future__ import annotations

import statistics
from collections import deque

WINDOW_S = 5.0
"""Long enough to be steady, short enough to show a stall."""
MAX_EVENTS = 600
"""Bounds the memory should a camera deliver more than 120 frames a second."""


class RateMeter:
    """Counts events a second over the last WINDOW_S. The caller serialises the calls."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=MAX_EVENTS)
        self.total = 0

    def tick(self, t_s: float) -> None:
        self._times.append(t_s)
        self.total += 1

    def rate(self, now_s: float) -> float:
        """Events a second; 0 when the last one is older than the window."""
        while self._times and self._times[0] < now_s - WINDOW_S:
            self._times.popleft()
        if len(self._times) < 2:
            return 0.0
        return len(self._times) / max(now_s - self._times[0], 1e-3)


class DelayMeter:
    """The median of the latest delays. The caller serialises the calls."""

    def __init__(self) -> None:
        self._delays_s: deque[float] = deque(maxlen=60)

    def add(self, delay_s: float) -> None:
        self._delays_s.append(delay_s)

    def median_ms(self) -> float | None:
        return 1000.0 * statistics.median(self._delays_s) if self._delays_s else None
