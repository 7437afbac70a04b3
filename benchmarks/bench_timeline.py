"""Kept sessions: opening and zooming into eight hours, listing a thousand, what recording costs and takes."""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks.context import Context
from benchmarks.made_up_sessions import HOUR, HOURS_8, columns, put_many, put_session, sqlite_url, with_store
from benchmarks.plain_sessions import PlainStore, frame_of, whole_figure
from benchmarks.recording import record
from benchmarks.rows import Row, verdict
from emrs_core.timeline.intervals import Span
from emrs_core.timeline.review import current
from emrs_core.timeline.sessions import Timeline
from emrs_core.timeline.sql.store import SqlTimelineStore
from emrs_core.timeline.statistics.summary import summarise
from emrs_core.timeline.store import SessionQuery
from emrs_core.ui.timeline.session.chart_view import chart_data
from emrs_core.ui.timeline.session.choice import Review
from emrs_core.ui.timeline.session.opened import OpenSession

RECORD_S = 20.0
SESSIONS, SAMPLES_EACH = 1_000, 600
"""Sessions of a minute: their lines in the list have all of their sixty points."""
PAGE = 50
OPEN_MS, ZOOM_MS, LIST_MS = 1_000.0, 100.0, 1_000.0
"""Targets."""
SPANS_S = (28_800.0, 7_200.0, 600.0, 60.0)
"""What is looked at, from the whole session to a minute of it."""
POSTGRES = "EMRS_TESTS_DATABASE_URL"
"""Names an empty PostgreSQL database; without it SQLite alone is measured."""


def run(context: Context) -> list[dict[str, Any]]:
    plain = PlainStore(context.tmp_dir / "plain.db")
    rows: list[Row] = []
    try:
        with_store(
            sqlite_url(context.tmp_dir / "long.db"), lambda store: rows.extend(_one_session(store, plain, context))
        )
        with_store(sqlite_url(context.tmp_dir / "many.db"), lambda store: rows.extend(_listing(store, plain, context)))
    finally:
        plain.close()
    rows += [*_recording(context), *_sizes(context)]
    if os.environ.get(POSTGRES):
        with_store(os.environ[POSTGRES], lambda store: rows.extend(_postgres(store, context)))
    return [row.as_dict(context.processor) for row in rows]


def _one_session(store: SqlTimelineStore, plain: PlainStore, context: Context) -> list[Row]:
    samples = columns(HOURS_8)
    put_session(store, "long", samples)
    put_session(store, "cut", samples, ended=False)
    plain.put(frame_of(samples))
    opened = _median_ms(lambda: first_view(store, "long"), context.repeats)
    cut = _median_ms(lambda: first_view(store, "cut"), context.repeats)
    whole = _median_ms(lambda: whole_figure(plain.read("long")), 1)
    every = "baseline: a row a sample in SQLite, read with pandas, and every point as Plotly's JSON"
    sent_mb, whole_mb = len(first_view(store, "long")) / 1e6, len(whole_figure(plain.read("long"))) / 1e6
    name = "8-hour session opened"
    return [
        Row(name, opened, whole, "ms", f"{verdict(opened, under=OPEN_MS)}; {every}"),
        Row(f"{name}, one that was cut off", cut, whole, "ms", f"{verdict(cut, under=OPEN_MS)}; two rows a second"),
        Row("8-hour session, sent to the browser", sent_mb, whole_mb, "MB", "the baseline is every point"),
        *_parts(store, context),
        *_zooms(OpenSession.read(store, "long"), context),
        _all_figures(store.read("long"), context),
    ]


def first_view(store: SqlTimelineStore, session_id: str) -> bytes:
    """What the page makes of a session before its browser can draw: read, as it stands after review, thinned, as JSON.

    The figures beside the chart are made meanwhile, on a thread of their own.
    """
    return drawn(OpenSession.read(store, session_id), Review(session_id))


def drawn(session: OpenSession, review: Review) -> bytes:
    """The chart's data as they travel."""
    return json.dumps(chart_data(session, review, ())).encode()


def _parts(store: SqlTimelineStore, context: Context) -> list[Row]:
    session = OpenSession.read(store, "long")
    spent = {
        "read": _median_ms(lambda: store.read("long"), context.repeats),
        "after review": _median_ms(lambda: current(session.history), context.repeats),
        "its chart": _median_ms(lambda: drawn(session, Review("long")), context.repeats),
    }
    return [Row(f"8-hour session, {part}", ms, None, "ms", "part of opening") for part, ms in spent.items()]


def _zooms(session: OpenSession, context: Context) -> list[Row]:
    rows = []
    for span_s in SPANS_S:
        start_s = (SPANS_S[0] - span_s) / 2
        review = Review("long", view=Span(start_s, start_s + span_s))
        ms = _median_ms(lambda review=review: drawn(session, review), context.repeats)
        rows.append(Row(f"8-hour session, zoom to {span_s / 60:g} min", ms, None, "ms", verdict(ms, under=ZOOM_MS)))
    return rows


def _all_figures(timeline: Timeline, context: Context) -> Row:
    ms = _median_ms(lambda: summarise(timeline), context.repeats)
    return Row("8-hour session, all figures", ms, None, "ms", "with 1,000 bootstrap draws of each")


def _listing(store: SqlTimelineStore, plain: PlainStore, context: Context) -> list[Row]:
    part = columns(SAMPLES_EACH)
    put_many(store, SESSIONS, part)
    for number in range(SESSIONS):
        plain.put(frame_of(part, f"s{number}"))
    listed = _median_ms(lambda: store.list(SessionQuery(owner="local")), context.repeats)
    page = _median_ms(lambda: store.list(SessionQuery(owner="local", limit=PAGE)), context.repeats)
    found = _median_ms(lambda: store.list(SessionQuery(text="session 77", study="Study 1")), context.repeats)
    each = _median_ms(plain.listing, 1)
    counted = "baseline: length, share and line of each counted from rows"
    return [
        Row(f"list of {SESSIONS:,} sessions", listed, each, "ms", f"{verdict(listed, under=LIST_MS)}; {counted}"),
        Row(f"the newest {PAGE} of {SESSIONS:,} sessions", page, None, "ms"),
        Row(f"search in {SESSIONS:,} sessions", found, None, "ms"),
    ]


def _recording(context: Context) -> list[Row]:
    """In real time: the recorder writes twice a second, whatever comes."""
    ours, plain = record(context.tmp_dir, RECORD_S)
    each = "ten samples a second; baseline: a row and a transaction a sample, on the thread of the live view"
    return [
        Row("recording, CPU of a sample", ours.cpu_ms, plain.cpu_ms, "ms CPU", each),
        Row("recording, the live view held up by a sample", ours.held_up_ms, plain.held_up_ms, "ms", "median"),
        Row("recording, longest hold-up", ours.longest_ms, plain.longest_ms, "ms", "of one sample"),
    ]


def _sizes(context: Context) -> list[Row]:
    samples, folder = columns(HOUR), context.tmp_dir
    for name, ended in (("ended", True), ("running", False)):
        with_store(
            sqlite_url(folder / f"{name}.db"),
            lambda store, ended=ended: put_session(store, "hour", samples, ended=ended),
        )
    plain = PlainStore(folder / "rows.db")
    plain.put(frame_of(samples))
    plain.close()
    ended_mb, running_mb, plain_mb = (_size_mb(folder / f"{name}.db") for name in ("ended", "running", "rows"))
    return [
        Row("an hour of samples in the database", ended_mb, plain_mb, "MB", "baseline: a row a sample"),
        Row("an hour of samples while it is recorded", running_mb, plain_mb, "MB", "two rows a second"),
    ]


def _postgres(store: SqlTimelineStore, context: Context) -> list[Row]:
    put_session(store, "bench-long", columns(HOURS_8))
    try:
        opened = _median_ms(lambda: first_view(store, "bench-long"), context.repeats)
    finally:
        store.delete("bench-long")
    with store._database.reading() as connection:
        version = str(connection.scalar(text("SHOW server_version")))
    return [
        Row("8-hour session opened, PostgreSQL", opened, None, "ms", f"{verdict(opened, under=OPEN_MS)}; {version}")
    ]


def _size_mb(path: Path) -> float:
    return sum(part.stat().st_size for part in path.parent.glob(f"{path.name}*")) / 1e6


def _median_ms(call: Callable[[], object], repeats: int) -> float:
    spent = []
    for _ in range(repeats):
        begin_s = time.perf_counter()
        call()
        spent.append(1000 * (time.perf_counter() - begin_s))
    return statistics.median(spent)
