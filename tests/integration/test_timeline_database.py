"""Sessions in a real file: killed programs, full, locked and read-only databases, versions, erasure to the bytes."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from jsonschema import Draft202012Validator
from sqlalchemy import event

from emrs_core.errors import SettingsError, StoreTooNew, StoreUnavailable, TimelineError
from emrs_core.testing.timeline import NOON, make_info, make_samples
from emrs_core.timeline.events import Marker, Note
from emrs_core.timeline.recorder import SessionRecorder
from emrs_core.timeline.sessions import Participant, SessionState, Study
from emrs_core.timeline.sql import database as databases
from emrs_core.timeline.sql.database import Database
from emrs_core.timeline.sql.opening import StoreOpener
from emrs_core.timeline.sql.schema import VERSION_TABLE, metadata
from emrs_core.timeline.sql.store import SqlTimelineStore
from emrs_core.timeline.store import Consent

PATIENCE_S = 60.0
SECRET = "Zwetschgenkuchen-4711"
OTHER = "Rhabarberkompott-0815"

RECORD_FOR_EVER = """
import sys, time
from emrs_core.timeline.events import Marker, Sample, new_id
from emrs_core.timeline.recorder import SessionRecorder
from emrs_core.timeline.sessions import SessionInfo
from emrs_core.timeline.sql.opening import StoreOpener
from datetime import UTC, datetime

recorder = SessionRecorder(StoreOpener(sys.argv[1]), SessionInfo(new_id(), "local", datetime.now(UTC)))
start = time.monotonic()
print(recorder.info.id, flush=True)
while True:
    t_s = time.monotonic() - start
    recorder.add(Sample(t_s, "happy", None, None), Marker(t_s=t_s, label="tick"))
    print(t_s, flush=True)
    time.sleep(0.1)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "sessions.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqlTimelineStore]:
    opened = SqlTimelineStore.open(f"sqlite:///{path}", now=lambda: NOON)
    yield opened
    opened.close()


def wait_for_problem(recorder: SessionRecorder, expected: bool) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while (recorder.status.problem is not None) is not expected or (not expected and recorder.status.waiting):
        assert time.monotonic() < deadline, recorder.status
        time.sleep(0.01)


def test_a_killed_program_loses_at_most_a_second_and_its_session_opens_again(path: Path, repository: Path) -> None:
    line = [sys.executable, "-c", RECORD_FOR_EVER, f"sqlite:///{path}"]
    with subprocess.Popen(line, cwd=repository, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        session_id = program.stdout.readline().strip()
        last_s = 0.0
        while last_s < 4.0:
            last_s = float(program.stdout.readline())
        os.kill(program.pid, signal.SIGKILL)
        last_s = max([last_s, *(float(rest) for rest in program.stdout.read().split("\n")[:-1])])
    later = datetime.now(UTC) + timedelta(minutes=1)
    with closing(SqlTimelineStore.open(f"sqlite:///{path}", now=lambda: later)) as store:
        timeline = store.read(session_id)
        (summary,) = store.list()
    assert timeline.info.state is summary.info.state is SessionState.INTERRUPTED
    assert timeline.info.ended_at is not None
    assert timeline.samples.t_s[-1] >= last_s - 1.0
    assert len(timeline.events) == len(timeline.samples) == summary.samples


def test_a_full_disk_is_waited_out(store: SqlTimelineStore) -> None:
    limits = {"pages": 0}

    @event.listens_for(store._database.engine, "checkout")
    def limit(connection: Any, _record: Any, _proxy: Any) -> None:
        connection.execute(f"PRAGMA max_page_count={limits['pages'] or 1_000_000}")

    recorder = SessionRecorder(lambda: store, make_info())
    recorder.add(make_samples(1)[0])
    wait_for_problem(recorder, expected=False)
    limits["pages"] = 1  # SQLite takes the file's present size for it
    for sample in make_samples(4000)[1:]:
        recorder.add(sample)
    wait_for_problem(recorder, expected=True)
    assert "full" in (recorder.status.problem or "")
    limits["pages"] = 0
    wait_for_problem(recorder, expected=False)
    recorder.close(PATIENCE_S)
    assert list(store.read(recorder.info.id).samples) == make_samples(4000)


def test_a_locked_database_is_waited_out(store: SqlTimelineStore, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "BUSY_S", 0.05)
    with closing(SqlTimelineStore.open(f"sqlite:///{path}")) as hasty:
        recorder = SessionRecorder(lambda: hasty, make_info())
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            recorder.add(make_samples(1)[0])
            wait_for_problem(recorder, expected=True)
            assert "locked" in (recorder.status.problem or "")
            assert hasty.list() == ()  # readers do not wait
            other.execute("COMMIT")
        wait_for_problem(recorder, expected=False)
        recorder.close(PATIENCE_S)
        assert hasty.list()[0].samples == 1


def test_a_read_only_database_is_waited_out(store: SqlTimelineStore) -> None:
    rights = {"query_only": "ON"}

    @event.listens_for(store._database.engine, "checkout")
    def restrict(connection: Any, _record: Any, _proxy: Any) -> None:
        connection.execute(f"PRAGMA query_only={rights['query_only']}")

    recorder = SessionRecorder(lambda: store, make_info())
    recorder.add(make_samples(1)[0])
    wait_for_problem(recorder, expected=True)
    assert "readonly" in (recorder.status.problem or "")
    rights["query_only"] = "OFF"
    wait_for_problem(recorder, expected=False)
    recorder.close(PATIENCE_S)
    assert store.list()[0].samples == 1


def test_a_folder_that_cannot_be_made_is_said_and_nothing_breaks(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        StoreOpener(f"sqlite:///{tmp_path}/file/sessions.db")()


def test_a_database_of_a_newer_version_is_refused_and_left_alone(store: SqlTimelineStore, path: Path) -> None:
    store.begin(make_info())
    store.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    with pytest.raises(StoreTooNew, match=r"9999.*newer version"):
        SqlTimelineStore.open(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM emrs_sessions").fetchone() == (1,)


def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"a diary, not a database\n" * 100)
    with pytest.raises(TimelineError, match="not a database"):
        SqlTimelineStore.open(f"sqlite:///{path}")
    assert path.read_bytes() == b"a diary, not a database\n" * 100


def test_the_migrations_make_the_tables_that_the_program_uses(store: SqlTimelineStore) -> None:
    with store._database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []


def test_file_and_log_are_for_their_owner_alone(store: SqlTimelineStore, path: Path) -> None:
    store.begin(make_info())
    for name in (path, path.with_name("sessions.db-wal")):
        assert name.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("whole_person", [True, False], ids=["erase_all", "delete"])
def test_what_is_erased_is_in_no_byte_of_file_or_log(store: SqlTimelineStore, path: Path, whole_person: bool) -> None:
    infos = [make_info(k, participant=(SECRET, OTHER)[k % 2], title=(SECRET, OTHER)[k % 2]) for k in range(6)]
    for number, info in enumerate(infos):
        name = info.participant
        store.begin(info)
        for k in range(30):
            notes = [Note(t_s=k + n / 100, text=f"{name} said {'much ' * (n * 7 % 50)}") for n in range(20)]
            store.append(info.id, make_samples(80, 10.0 * k), [*notes, Marker(t_s=k, label=name)])
        store.put_participant(Participant(name, (name,)))
        store.put_consent(Consent(name, name, NOON + timedelta(hours=number)))
    assert SECRET in everything(path)
    if whole_person:
        assert store.erase_all(SECRET) == 3
        assert SECRET not in everything(path)
        assert not any(info.id in everything(path) for info in infos[::2])
    else:
        store.delete(infos[0].id)
        # SQLite overwrites what it deletes, but not what it moved before: the next start writes the file anew.
        StoreOpener(f"sqlite:///{path}")().close()
        assert infos[0].id not in everything(path)
    assert OTHER in everything(path)
    assert len(store.read(infos[1].id).samples) == 2400


def everything(path: Path) -> str:
    """All bytes of the database's files, as text in which ASCII stays findable."""
    return "".join(name.read_bytes().decode("latin-1") for name in path.parent.iterdir())


def test_a_reader_in_the_way_of_erasure_is_told_and_trying_again_finishes_it(
    store: SqlTimelineStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "BUSY_S", 0.05)
    with closing(SqlTimelineStore.open(f"sqlite:///{path}")) as hasty:
        info = make_info(participant=SECRET)
        hasty.begin(info)
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM emrs_sessions").fetchall()
            with pytest.raises(StoreUnavailable):
                hasty.erase_all(SECRET)
        with pytest.raises(TimelineError, match="Nothing is kept"):
            hasty.erase_all(SECRET)
        assert SECRET not in everything(path)


def test_the_command_lists_shows_and_deletes(path: Path, repository: Path) -> None:
    url = f"sqlite:///{path}"
    info = make_info(participant="P1", title="Mürbe 🎵")
    with closing(SqlTimelineStore.open(url)) as store:
        store.begin(info)
        store.append(info.id, make_samples(80), [Marker(t_s=1, label="go")])
        store.end(info.id, NOON)

    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "emrs_core", "sessions", *arguments]
        environment = {**os.environ, "EMRS_DATABASE_URL": url, "PYTHONIOENCODING": "utf-8"}
        return subprocess.run(line, cwd=repository, capture_output=True, text=True, env=environment, check=False)

    listed = command("list", "--json")
    assert listed.returncode == 0, listed.stderr
    (entry,) = json.loads(listed.stdout)
    assert (entry["id"], entry["samples"], entry["state"]) == (info.id, 80, "ended")
    shown = json.loads(command("show", info.id, "--json").stdout)
    schema = json.loads((repository / "docs" / "schemas" / "sessions.schema.json").read_text(encoding="utf-8"))
    for printed in ([entry], shown):
        Draft202012Validator(schema).validate(printed)
    assert [(e["kind"], e["label"]) for e in shown["events"]] == [("marker", "go")]
    assert "Mürbe 🎵" in command("list").stdout
    deleted = command("delete", "nobody", info.id)
    assert (deleted.returncode, deleted.stdout.strip()) == (1, f"Erased {info.id}.")
    assert len(deleted.stderr.strip().splitlines()) == 1
    assert command("list").stdout.strip() == "No sessions are kept."
    assert command("show", info.id).returncode == 1


def test_an_opener_erases_what_its_study_keeps_no_longer(path: Path) -> None:
    with closing(SqlTimelineStore.open(f"sqlite:///{path}")) as store:
        store.put_study(Study("short", retention_days=1))
        store.begin(make_info(study="short"))
    with closing(StoreOpener(f"sqlite:///{path}", now=lambda: NOON + timedelta(days=2))()) as store:
        assert store.list() == ()


def test_a_wrong_address_is_a_wrong_setting() -> None:
    for url in ("mysql://host/name", "no address"):
        with pytest.raises(SettingsError, match="EMRS_DATABASE_URL"):
            Database(url)
