"""What waits to be written: bounded, so that a database that is out of reach does not fill the memory."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from emrs_core.timeline.events import Event, Sample

MAX_SAMPLES = 18_000
"""Half an hour at ten a second, some 15 MB."""
MAX_EVENTS = 20_000
BATCH = 5_000
"""Samples of one write: a backlog is caught up in steps that each take a fraction of a second."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What is written in one go."""

    samples: tuple[Sample, ...]
    events: tuple[Event, ...]


class Backlog:
    """A queue in order of arrival; when it is full the oldest go, and are counted. Not thread-safe."""

    def __init__(self) -> None:
        self._samples: deque[Sample] = deque()
        self._events: deque[Event] = deque()
        self.lost = 0

    def __len__(self) -> int:
        return len(self._samples) + len(self._events)

    def put(self, sample: Sample | None, events: tuple[Event, ...]) -> None:
        if sample is not None:
            self._samples.append(sample)
        self._events.extend(events)
        for queue, most in ((self._samples, MAX_SAMPLES), (self._events, MAX_EVENTS)):
            while len(queue) > most:
                queue.popleft()
                self.lost += 1

    def next_batch(self) -> Batch:
        """The oldest. They stay until ``done``."""
        samples = tuple(self._samples[k] for k in range(min(BATCH, len(self._samples))))
        return Batch(samples, tuple(self._events))

    def done(self, batch: Batch) -> None:
        """Those are written; what had to go meanwhile was among them, so it is not lost."""
        for queue, written in (
            (self._samples, set(map(id, batch.samples))),
            (self._events, set(map(id, batch.events))),
        ):
            while queue and id(queue[0]) in written:
                queue.popleft()

    def clear(self) -> None:
        self._samples.clear()
        self._events.clear()
