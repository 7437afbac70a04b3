"""What the benchmarks of the timelines compare: the same sessions, kept our way and the plain way."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import bench_timeline, bench_timeline_files, bench_timeline_page
from benchmarks.context import Context
from benchmarks.made_up_sessions import HOURS_8, columns, happenings, put_session, sqlite_url, with_store
from benchmarks.plain_sessions import DRAWN, PlainStore, frame_of, whole_figure
from emrs_core.timeline.sessions import SessionState
from emrs_core.timeline.sql.store import SqlTimelineStore
from emrs_core.timeline.store import SessionQuery

COUNT = 3_000


def test_the_targets_are_those_that_were_promised() -> None:
    assert (bench_timeline.OPEN_MS, bench_timeline.ZOOM_MS, bench_timeline.LIST_MS) == (1_000, 100, 1_000)
    assert (bench_timeline_page.OPEN_MS, bench_timeline_page.LIST_MS) == (1_000, 1_000)
    assert (bench_timeline_files.MILLION, bench_timeline_files.PEAK_MB) == (1_000_000, 500)
    assert HOURS_8 == 8 * 3600 * 10
    assert bench_timeline.SESSIONS == bench_timeline_page.SESSIONS == 1_000


def test_a_made_up_session_has_all_that_a_page_must_cope_with() -> None:
    samples = columns(COUNT)
    assert np.array_equal(np.isnan(samples.point[:, 0]), ~samples.valid)
    assert 0.5 < samples.valid.mean() < 1
    assert np.nanmax(samples.raw.sum(axis=1)) == pytest.approx(1, abs=1e-4)
    assert {type(event).__name__ for event in happenings(samples)} == {
        "MoodChanged", "SongStarted", "SongEnded", "Marker", "Note",
    }  # fmt: skip


def test_both_ways_keep_the_same(tmp_path: Path) -> None:
    samples, plain = columns(COUNT), PlainStore(tmp_path / "plain.db")
    plain.put(frame_of(samples))

    def look(store: SqlTimelineStore) -> None:
        put_session(store, "long", samples)
        put_session(store, "cut", samples, ended=False)
        kept = store.read("long")
        assert kept.samples.raw.tobytes() == store.read("cut").samples.raw.tobytes() == samples.raw.tobytes()
        assert kept.info.state is SessionState.ENDED
        read = plain.read("long")
        assert read["t_s"].tolist() == kept.samples.t_s.tolist()
        assert np.allclose(read["valence"].astype(float), kept.samples.point[:, 0], equal_nan=True)
        (summary,) = store.list(SessionQuery(limit=1))
        ((_, length_s, share, line),) = plain.listing()
        assert summary.length_s >= length_s
        assert summary.valid_face_share == pytest.approx(share)
        assert 30 <= len(summary.sparkline) <= len(line) == 60

    with_store(sqlite_url(tmp_path / "ours.db"), look)
    plain.close()


def test_the_plain_figure_holds_every_point() -> None:
    traces = json.loads(whole_figure(frame_of(columns(COUNT))))["data"]
    assert [trace["name"] for trace in traces] == list(DRAWN)
    for trace in traces:
        for packed in (trace["x"], trace["y"]):  # as Plotly packs numbers since its version 6
            assert len(np.frombuffer(base64.b64decode(packed["bdata"]), packed["dtype"])) == COUNT


def test_the_rows_hold_every_part_to_its_target(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, small in (
        ("HOURS_8", COUNT),
        ("HOUR", COUNT),
        ("SESSIONS", 5),
        ("RECORD_S", 1.0),
        ("SPANS_S", (300.0, 60.0)),
    ):
        monkeypatch.setattr(bench_timeline, name, small)
    monkeypatch.delenv(bench_timeline.POSTGRES, raising=False)
    rows = {row["name"]: row for row in bench_timeline.run(Context(tmp_path, "a processor", 1))}
    for name in ("8-hour session opened", "8-hour session, zoom to 1 min", "list of 5 sessions"):
        assert "target under" in rows[name]["note"], name
    for name in ("8-hour session opened", "8-hour session, sent to the browser", "an hour of samples in the database"):
        assert rows[name]["ratio"] > 0
    assert rows["recording, CPU of a sample"]["ours"] > 0
