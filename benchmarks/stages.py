"""CPU time and number of calls of the stages of a pipeline, told from outside by wrapping its functions."""

from __future__ import annotations

import functools
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class StageClock:
    """Adds up the CPU seconds of the whole process by stage; a stage called within another counts for itself alone.

    One thread, which is why it may take the process's clock: CPU time of helper threads is found too.
    """

    def __init__(self) -> None:
        self.cpu_s: defaultdict[str, float] = defaultdict(float)
        self.calls: Counter[str] = Counter()
        self._inner_s: list[float] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self._inner_s.append(0.0)
        start_s = time.process_time()
        try:
            yield
        finally:
            spent_s = time.process_time() - start_s
            self.cpu_s[name] += spent_s - self._inner_s.pop()
            self.calls[name] += 1
            if self._inner_s:
                self._inner_s[-1] += spent_s

    @contextmanager
    def watching(self, *seams: tuple[Any, str, str]) -> Iterator[None]:
        """While the block runs, each ``(owner, attribute, stage)`` is timed; afterwards all is as it was."""
        kept = [(owner, attribute, getattr(owner, attribute)) for owner, attribute, _ in seams]
        for (owner, attribute, function), (_, _, stage) in zip(kept, seams, strict=True):
            setattr(owner, attribute, self._timed(function, stage))
        try:
            yield
        finally:
            for owner, attribute, function in kept:
                setattr(owner, attribute, function)

    def _timed(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        @functools.wraps(function)
        def timed(*arguments: Any, **named: Any) -> Any:
            with self.stage(stage):
                return function(*arguments, **named)

        return timed
