"""What it costs to keep a session while it runs: the recorder beside a row and a transaction for each sample."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.made_up_sessions import RATE, START, columns, sqlite_url
from benchmarks.plain_sessions import PlainStore, frame_of
from emrs_core.timeline.recorder import SessionRecorder
from emrs_core.timeline.sessions import SessionInfo
from emrs_core.timeline.sql.opening import StoreOpener


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one sample: CPU of the whole process, and for how long the caller had to wait."""

    cpu_ms: float
    held_up_ms: float
    longest_ms: float


def record(folder: Path, seconds: float) -> tuple[Cost, Cost]:
    """The recorder's cost and that of the plain way, each in real time."""
    samples = columns(round(seconds * RATE))
    opener = StoreOpener(sqlite_url(folder / "recorded.db"))
    store = opener()  # opening is no part of a sample's cost
    recorder = SessionRecorder(opener, SessionInfo("recorded", "local", START))
    ours = _cost(list(samples), recorder.add)
    recorder.close()
    store.close()
    plain = PlainStore(folder / "recorded-plain.db")
    rows = list(frame_of(samples).astype(object).itertuples(index=False, name=None))
    theirs = _cost(rows, plain.add)
    plain.close()
    return ours, theirs


def _cost(items: Sequence[Any], take: Callable[[Any], object]) -> Cost:
    spent, cpu_s, begin_s = [], time.process_time(), time.perf_counter()
    for number, item in enumerate(items):
        time.sleep(max(0.0, begin_s + number / RATE - time.perf_counter()))
        before_s = time.perf_counter()
        take(item)
        spent.append(1000 * (time.perf_counter() - before_s))
    time.sleep(max(0.0, begin_s + len(items) / RATE - time.perf_counter()))  # until the last was written
    cpu_ms = 1000 * (time.process_time() - cpu_s) / len(items)
    return Cost(cpu_ms, statistics.median(spent), max(spent))
