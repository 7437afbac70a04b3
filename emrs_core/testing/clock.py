"""A clock that moves when told to."""

from __future__ import annotations


class FakeClock:
    """Starts at ``start_s`` and stands still until ``advance`` is called."""

    def __init__(self, start_s: float = 0.0) -> None:
        self._now_s = start_s

    def now_s(self) -> float:
        return self._now_s

    def advance(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError(f"a clock cannot go back by {seconds} s")
        self._now_s += seconds
