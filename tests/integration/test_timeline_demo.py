"""The demo data: plausible, repeatable, marked, removed without a trace; and the way out of and into a store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from emrs_core.cli.demo_data import demo_data
from emrs_core.cli.export import export
from emrs_core.cli.import_sessions import import_sessions
from emrs_core.errors import StoreUnavailable, TimelineError, TimelineNotFound
from emrs_core.music.catalogue import CsvCatalogue
from emrs_core.timeline.demo.keeping import DEMO_IDS, add_demo, remove_demo
from emrs_core.timeline.demo.sessions import CUT_SESSION, PARTICIPANTS, PAUSED_SESSION, demo_sessions
from emrs_core.timeline.export.files import ExportFormat, export_session
from emrs_core.timeline.importing import keep_imported, read_session_file
from emrs_core.timeline.intervals import gaps
from emrs_core.timeline.memory_store import MemoryTimelineStore
from emrs_core.timeline.sessions import SessionInfo, SessionState, Timeline
from emrs_core.timeline.sql.store import SqlTimelineStore
from emrs_core.timeline.statistics.summary import summarise
from emrs_core.timeline.store import SessionQuery

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


@cache
def sessions() -> tuple[Timeline, ...]:
    return tuple(demo_sessions(CsvCatalogue.builtin().tracks(), NOW))


@pytest.fixture
def store() -> MemoryTimelineStore:
    return MemoryTimelineStore()


class TestSessions:
    def test_three_participants_eight_sessions_all_marked(self) -> None:
        assert len(sessions()) == 8
        assert {t.info.participant for t in sessions()} == {p.code for p in PARTICIPANTS}
        assert all(t.info.synthetic and "Synthetic" in t.info.title for t in sessions())
        assert all(t.info.started_at < NOW for t in sessions())

    def test_the_same_seed_makes_the_same_sessions(self) -> None:
        again = next(demo_sessions(CsvCatalogue.builtin().tracks(), NOW))
        assert again.events == sessions()[0].events
        assert np.array_equal(again.samples.raw, sessions()[0].samples.raw, equal_nan=True)
        other = next(demo_sessions(CsvCatalogue.builtin().tracks(), NOW, seed=1))
        assert not np.array_equal(other.samples.raw[:50], again.samples.raw[:50], equal_nan=True)

    def test_they_show_what_pages_must_cope_with(self) -> None:
        assert any(s.length_s > 40 for s in gaps(sessions()[PAUSED_SESSION - 1].samples))
        assert sessions()[CUT_SESSION].info.state is SessionState.INTERRUPTED
        kinds = {type(e).__name__ for t in sessions() for e in t.events}
        wanted = {"SongEnded", "Marker", "Note", "Excluded", "SelfReport", "Baseline", "MoodChanged", "FaceLost"}
        assert wanted <= kinds
        assert all(len({e.id for e in t.events}) == len(t.events) for t in sessions())

    def test_their_figures_are_those_of_a_moving_face(self) -> None:
        summary = summarise(sessions()[0], resamples=200)
        assert 0.5 < summary.valid_face_share < 1
        assert len(summary.songs) >= 4
        assert sum(m.share.value > 0.01 for m in summary.moods) >= 3
        assert summary.valence.inertia is not None
        assert summary.valence.inertia > 0.5
        assert summary.report_change is not None


class TestKeeping:
    def test_added_twice_they_are_there_once_and_removed_all_is_gone(self, store: MemoryTimelineStore) -> None:
        tracks = CsvCatalogue.builtin().tracks()
        assert add_demo(store, tracks, NOW) == add_demo(store, tracks, NOW) == 8
        listed = store.list(SessionQuery())
        assert {s.info.id for s in listed} == DEMO_IDS
        assert all(s.info.synthetic and s.songs and s.samples for s in listed)
        assert remove_demo(store) == 8
        assert store.list(SessionQuery()) == store.participants() == ()
        assert remove_demo(store) == 0

    def test_a_real_session_under_a_demo_code_stays(self, store: MemoryTimelineStore) -> None:
        add_demo(store, CsvCatalogue.builtin().tracks(), NOW)
        store.begin(SessionInfo("real", "local", NOW, participant="DEMO-A"))
        remove_demo(store)
        assert [s.info.id for s in store.list(SessionQuery())] == ["real"]
        assert [p.code for p in store.participants()] == ["DEMO-A"]

    def test_out_of_one_store_and_into_another(self, store: MemoryTimelineStore, tmp_path: Path) -> None:
        add_demo(store, CsvCatalogue.builtin().tracks(), NOW)
        original = store.read("demo-1")
        (path,) = export_session(original, ExportFormat.JSON, tmp_path)
        other = SqlTimelineStore.open(f"sqlite:///{tmp_path / 'other.db'}")
        try:
            keep_imported(other, read_session_file(path), "me")
            back = other.read("demo-1")
            with pytest.raises(TimelineError, match="there already"):
                keep_imported(other, read_session_file(path), "me")
        finally:
            other.close()
        assert back.info == replace(original.info, owner="me")
        assert back.events == original.events
        assert back.samples.raw.tobytes() == original.samples.raw.tobytes()
        assert back.samples.t_s.tobytes() == original.samples.t_s.tobytes()

    def test_an_import_that_fails_leaves_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Full(MemoryTimelineStore):
            def append(self, *_: object, **__: object) -> None:
                raise StoreUnavailable("The disk is full.")

        full = Full()
        with pytest.raises(StoreUnavailable):
            keep_imported(full, sessions()[0], "me")
        with pytest.raises(TimelineNotFound):
            full.read("demo-1")


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EMRS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("EMRS_DATABASE_URL", raising=False)
    return tmp_path


def test_the_commands_from_demo_to_file_and_back(data_dir: Path) -> None:
    runner = CliRunner()
    assert "8 synthetic sessions" in runner.invoke(demo_data, []).output
    out = data_dir / "out"
    done = runner.invoke(export, ["demo-1", "missing", "--format", "json", "--out", str(out)])
    assert done.exit_code == 1
    assert "missing: No session" in done.stderr
    assert str(out / "demo-1.json") in done.stdout
    tables = runner.invoke(export, ["demo-2", "--format", "csv", "--out", str(out)])
    assert (tables.exit_code, len(list(out.glob("demo-2-*.csv")))) == (0, 6)
    there = runner.invoke(import_sessions, [str(out / "demo-1.json"), str(data_dir / "none.json")])
    assert there.exit_code == 1
    assert "there already" in there.stderr
    assert "none.json: cannot be read" in there.stderr
    assert "8 synthetic sessions removed" in runner.invoke(demo_data, ["--remove"]).output
    assert runner.invoke(import_sessions, [str(out / "demo-1.json")]).exit_code == 0
