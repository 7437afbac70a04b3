"""Erasure to the last byte: while others hold the file, after a program was killed at it, and of a running session."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emrs_core.consent import ConsentRecord
from emrs_core.errors import StoreUnavailable, TimelineError, TimelineNotFound
from emrs_core.testing.clock import FakeClock
from emrs_core.testing.timeline import NOON, make_info, make_samples
from emrs_core.timeline.events import Marker, Note
from emrs_core.timeline.keeping import SessionKeeper
from emrs_core.timeline.recorder import RecorderState, SessionRecorder
from emrs_core.timeline.sessions import Participant, SessionFacts, SessionState, Study
from emrs_core.timeline.sql import database as databases
from emrs_core.timeline.sql.opening import StoreOpener
from emrs_core.timeline.sql.store import SqlTimelineStore
from emrs_core.timeline.store import Consent
from tests.waiting import wait_until

SECRET = "Zwetschgenkuchen-4711"
OTHER = "Rhabarberkompott-0815"

ERASE_AND_STALL = """
import sys, time
from emrs_core.timeline.sql import database
from emrs_core.timeline.sql.store import SqlTimelineStore

def stall(*_):
    print("stalled", flush=True)
    time.sleep(600)

store = SqlTimelineStore.open(sys.argv[1])
if sys.argv[3] == "before the commit":
    database.Database.mark_traces = stall
elif sys.argv[3] == "before the rebuilding":
    database.Database._scrub = stall
else:
    def rebuilt(self, rebuild):
        connection = self.engine.raw_connection()
        connection.cursor().execute("VACUUM")
        stall()

    database.Database._scrub = rebuilt
store.erase_all(sys.argv[2])
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "sessions.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqlTimelineStore]:
    opened = SqlTimelineStore.open(f"sqlite:///{path}", now=lambda: NOON)
    yield opened
    opened.close()


def fill(store: SqlTimelineStore, seed: int = 0, sessions: int = 6) -> None:
    """Two people's sessions, written by turns as they would be live, with remarks of all lengths."""
    rng = random.Random(seed)
    infos = [make_info(k, id=f"{name}-{k:03d}{'x' * rng.randrange(20)}", participant=name, title=name, tags=(name,))
             for k in range(sessions) for name in ((SECRET, OTHER)[k % 2],)]  # fmt: skip
    for info in infos:
        store.begin(info)
    times = dict.fromkeys((info.id for info in infos), 0.0)
    for _ in range(20 * sessions):
        info, count = rng.choice(infos), rng.randrange(1, 30)
        remarks = [Note(t_s=times[info.id], text=f"{info.participant} {'y' * rng.randrange(400)}") for _ in range(3)]
        marker = Marker(t_s=times[info.id], label=info.participant)
        store.append(info.id, make_samples(count, times[info.id]), [*remarks, marker])
        times[info.id] += count / 8
        if rng.random() < 0.05:
            store.end(info.id, NOON)
    for name in (SECRET, OTHER):
        store.put_participant(Participant(name, (name,), (name,)))
        store.put_consent(Consent(name, name, NOON))


def everything(folder: Path) -> str:
    """All bytes of all files below that folder, as text in which ASCII stays findable."""
    return "".join(name.read_bytes().decode("latin-1") for name in folder.rglob("*") if name.is_file())


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**31))
def test_no_byte_of_the_erased_is_left_however_the_pages_lie(seed: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with closing(SqlTimelineStore.open(f"sqlite:///{folder}/sessions.db", now=lambda: NOON)) as store:
            fill(store, seed)
            store.erase_all(SECRET)
            assert SECRET not in everything(folder)
            assert OTHER in everything(folder)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**31))
def test_no_byte_of_deleted_sessions_is_left_once_the_store_was_opened_again(seed: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder}/sessions.db"
        with closing(SqlTimelineStore.open(url, now=lambda: NOON)) as store:
            fill(store, seed)
            deleted = [summary.info.id for summary in store.list() if summary.info.participant == SECRET]
            for session_id in deleted:
                store.delete(session_id)
        with closing(StoreOpener(url, now=lambda: NOON)()):
            assert [session_id for session_id in deleted if session_id in everything(folder)] == []


@pytest.mark.parametrize("moment", ["before the commit", "before the rebuilding", "before the log is emptied"])
@pytest.mark.parametrize("finish", ["erase again", "open again"])
def test_a_program_killed_at_erasing_leaves_work_that_is_finished(
    store: SqlTimelineStore, path: Path, repository: Path, tmp_path: Path, moment: str, finish: str
) -> None:
    fill(store)
    store.close()
    url = f"sqlite:///{path}"
    line = [sys.executable, "-c", ERASE_AND_STALL, url, SECRET, moment]
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary), "SQLITE_TMPDIR": str(temporary)}
    with subprocess.Popen(line, cwd=repository, stdout=subprocess.PIPE, text=True, env=environment) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "stalled\n"
        os.kill(program.pid, signal.SIGKILL)
    with closing(
        StoreOpener(url, now=lambda: NOON)() if finish == "open again" else SqlTimelineStore.open(url)
    ) as again:
        if moment == "before the commit":
            assert again.erase_all(SECRET) == 3  # all of it was still there: nothing is half erased
        elif finish == "erase again":
            with pytest.raises(TimelineNotFound):
                again.erase_all(SECRET)
        assert SECRET not in everything(tmp_path)
        assert len(again.export_all(OTHER).timelines) == 3


def test_an_open_connection_does_not_stand_in_the_way(store: SqlTimelineStore, path: Path) -> None:
    fill(store)
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT count(*) FROM emrs_sessions").fetchone() == (6,)
        assert store.erase_all(SECRET) == 3
        assert SECRET not in everything(path.parent)
        assert other.execute("SELECT count(*) FROM emrs_sessions").fetchone() == (3,)


def test_a_reader_or_writer_in_the_way_is_told_and_the_next_opening_finishes(
    store: SqlTimelineStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "BUSY_S", 0.05)
    fill(store)
    url = f"sqlite:///{path}"
    with closing(SqlTimelineStore.open(url)) as hasty, closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM emrs_sessions").fetchall()
        with pytest.raises(StoreUnavailable, match="traces may remain"):
            hasty.erase_all(SECRET)
        assert [person.code for person in hasty.participants()] == [OTHER]
        with closing(StoreOpener(url)()) as opened:  # the reader is still there: that is no reason not to open
            assert len(opened.list()) == 3
        reader.execute("COMMIT")
    with closing(StoreOpener(url)()):
        assert SECRET not in everything(path.parent)


def test_a_large_file_is_rebuilt_without_a_second_copy_in_memory(
    store: SqlTimelineStore, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "REBUILT_IN_MEMORY_BYTES", 0)
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))
    fill(store)
    store.erase_all(SECRET)
    assert SECRET not in everything(tmp_path)
    assert {name.name for name in path.parent.iterdir()} <= {"sessions.db", "sessions.db-wal", "sessions.db-shm"}


def recording(store: SqlTimelineStore, code: str = SECRET) -> SessionRecorder:
    recorder = SessionRecorder(lambda: store, make_info(participant=code))
    recorder.add(make_samples(1)[0], Note(t_s=0, text=code))
    wait_until(lambda: len(store.list()) > 0 and not recorder.status.waiting)
    return recorder


def test_erasing_a_participant_ends_what_is_being_recorded_of_them(store: SqlTimelineStore, path: Path) -> None:
    recorder = recording(store)
    other = recording(store, OTHER)
    with closing(SqlTimelineStore.open(f"sqlite:///{path}")) as elsewhere:
        assert elsewhere.erase_all(SECRET) == 1
    for k, sample in enumerate(make_samples(9)):
        recorder.add(sample, Note(t_s=k, text=SECRET))
        other.add(sample)
    wait_until(lambda: recorder.status.stopped is not None)
    assert recorder.status.state is RecorderState.DISCARDED
    assert recorder.status.waiting == 0
    recorder.close()
    other.close()
    assert [summary.info.participant for summary in store.list()] == [OTHER]
    assert SECRET not in everything(path.parent)


def test_taking_the_consent_back_ends_what_is_being_recorded(store: SqlTimelineStore) -> None:
    store.put_consent(Consent(SECRET, "v1", NOON))
    recorder = recording(store)
    store.withdraw_consent(SECRET, NOON + timedelta(minutes=1))
    for sample in make_samples(9, 5.0):
        recorder.add(sample)
    wait_until(lambda: store.info(recorder.info.id).state is SessionState.ENDED)
    assert SECRET in (recorder.status.stopped or "")
    assert len(store.read(recorder.info.id).samples) == 1


@pytest.mark.parametrize("end", [lambda s: s.erase_all(SECRET), lambda s: s.withdraw_consent(SECRET, NOON)],
                         ids=["erased", "withdrawn"])  # fmt: skip
def test_a_visit_whose_recording_was_ended_is_kept_again_only_when_asked(
    store: SqlTimelineStore, end: Callable[[SqlTimelineStore], object]
) -> None:
    clock = FakeClock()
    keeper = SessionKeeper(lambda: store, clock, "local")
    agreed = ConsentRecord("v1", NOON)
    keeper.begin(agreed)
    keeper.add(Marker(t_s=0, label="go"))
    wait_until(lambda: len(store.list()) == 1)
    (summary,) = store.list()
    store.put_consent(Consent(SECRET, "v1", NOON))
    store.describe(summary.info.id, SessionFacts(participant=SECRET))
    end(store)
    keeper.add(Marker(t_s=1, label="on"))
    wait_until(lambda: keeper.declined)
    keeper.begin(agreed)
    keeper.add(Marker(t_s=2, label="nobody asked"))
    assert keeper.session_id is None
    keeper.accept()
    keeper.begin(agreed)
    assert keeper.session_id not in (None, summary.info.id)
    keeper.close()


def test_a_server_that_runs_for_days_erases_what_is_over_and_records_whatever_happens(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [NOON]
    opener = StoreOpener(f"sqlite:///{path}", now=lambda: moment[0])
    with closing(opener()) as store:
        store.put_study(Study("short", retention_days=7))
        store.begin(make_info(study="short", title=SECRET))
        moment[0] = NOON + timedelta(days=7, hours=1)
        assert opener().list() == ()
        assert SECRET not in everything(path.parent)
        moment[0] = NOON + timedelta(days=9)
        monkeypatch.setattr(store, "retire", lambda now: (_ for _ in ()).throw(StoreUnavailable("locked")))
        assert opener() is store


def test_a_code_that_is_not_there_is_said_each_time(store: SqlTimelineStore) -> None:
    for _ in range(2):
        with pytest.raises(TimelineError, match="Nothing is kept"):
            store.erase_all("nobody")
