"""The real clock."""

from __future__ import annotations

import time


class MonotonicClock:
    """Seconds since this object was made; never runs backwards. Any thread."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def now_s(self) -> float:
        return time.monotonic() - self._start
