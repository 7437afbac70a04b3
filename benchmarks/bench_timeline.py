"""Kept sessions: opening and zooming into eight hours, listing a thousand, memory of exporting a million samples."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from benchmarks.context import Context
from benchmarks.rows import Row, verdict
from emrs_core.timeline.downsample import thin
from emrs_core.timeline.events import SongStarted
from emrs_core.timeline.samples import Samples
from emrs_core.timeline.sessions import SessionInfo
from emrs_core.timeline.sql.store import SqlTimelineStore
from emrs_core.timeline.statistics.summary import summarise
from emrs_core.timeline.store import SessionQuery

DWELL = 30  # samples that a calm mood stays
HOURS_8, MILLION, SESSIONS = 288_000, 1_000_000, 1_000
ZOOM_S = (10_000.0, 10_600.0)
OPEN_MS, LIST_MS, EXPORT_MB = 1_000.0, 1_000.0, 500.0
"""Targets."""
START = datetime(2026, 1, 1, tzinfo=UTC)
EXPORTER = """
import resource, sys
from pathlib import Path
from benchmarks.bench_timeline import MILLION, START, columns
from emrs_core.timeline.export.files import ExportFormat, export_session
from emrs_core.timeline.sessions import SessionInfo, Timeline
session = Timeline(SessionInfo("long", "local", START), columns(MILLION))
export_session(session, ExportFormat(sys.argv[1]), Path(sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
"""


def run(context: Context) -> list[dict[str, Any]]:
    store = SqlTimelineStore.open(f"sqlite:///{context.tmp_dir / 'sessions.db'}")
    try:
        rows = [*_one_session(store, context.repeats), _listing(store, context.repeats)]
    finally:
        store.close()
    rows += [_export(form, context) for form in ("csv", "parquet", "xlsx", "json")]
    return [row.as_dict(context.processor) for row in rows]


def columns(count: int) -> Samples:
    """So many samples, ten a second, of a face whose reading wanders."""
    rng = np.random.default_rng(0)
    smoothed = rng.dirichlet(np.ones(7), count).astype(np.float32)
    drift = np.tanh(np.cumsum(rng.normal(0, 0.02, (count, 2)), axis=0)).astype(np.float32)
    face = rng.random(count) > 0.05
    mood = np.repeat(rng.integers(0, 7, count // DWELL + 1), DWELL)[:count].astype(np.int8)
    return Samples(np.arange(count) / 10, mood, smoothed, smoothed, face, np.zeros(count, np.uint8), drift)


def _one_session(store: SqlTimelineStore, repeats: int) -> list[Row]:
    store.begin(SessionInfo("long", "local", START))
    songs = [SongStarted(t_s=float(t), track_id=str(t), title="t", artist="a") for t in range(0, HOURS_8 // 10, 240)]
    store.append("long", columns(HOURS_8), songs)
    store.end("long", START + timedelta(hours=8))
    samples = store.read("long").samples
    lines = np.concatenate([samples.smoothed, samples.point], axis=1)

    def opened() -> None:
        found = store.read("long").samples
        thin(found.t_s, np.concatenate([found.smoothed, found.point], axis=1))

    open_ms = _median_ms(opened, repeats)
    zoom_ms = _median_ms(lambda: thin(samples.t_s, lines, start_s=ZOOM_S[0], end_s=ZOOM_S[1]), repeats)
    summary_ms = _median_ms(lambda: summarise(store.read("long")), repeats)
    return [
        Row("8-hour session, read and thinned", open_ms, None, "ms", verdict(open_ms, under=OPEN_MS)),
        Row("8-hour session, ten minutes of it", zoom_ms, None, "ms", "nine lines, every sample of the stretch"),
        Row("8-hour session, all figures", summary_ms, None, "ms", "with 1,000 bootstrap draws of each"),
    ]


def _listing(store: SqlTimelineStore, repeats: int) -> Row:
    part = columns(100)
    for number in range(SESSIONS):
        store.begin(SessionInfo(f"s{number}", "local", START + timedelta(hours=number)))
        store.append(f"s{number}", part)
    list_ms = _median_ms(lambda: store.list(SessionQuery(owner="local")), repeats)
    return Row("list of 1,000 sessions", list_ms, None, "ms", verdict(list_ms, under=LIST_MS))


def _export(form: str, context: Context) -> Row:
    command = [sys.executable, "-c", EXPORTER, form, str(context.tmp_dir / form)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    peak_mb = float(done.stdout)
    return Row(f"export of 1,000,000 samples, {form}", peak_mb, None, "MB peak", verdict(peak_mb, under=EXPORT_MB))


def _median_ms(call: Callable[[], object], repeats: int) -> float:
    spent = []
    for _ in range(repeats):
        begin_s = time.perf_counter()
        call()
        spent.append(1000 * (time.perf_counter() - begin_s))
    return statistics.median(spent)
