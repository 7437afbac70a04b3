"""A store that is closed, or could not be opened, leaves no connection to its file."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from emrs_core.errors import StoreUnavailable, TimelineError
from emrs_core.testing.timeline import make_info
from emrs_core.timeline.sql.opening import StoreOpener
from emrs_core.timeline.sql.store import SqlTimelineStore

PATIENCE_S = 60.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "sessions.db"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[sqlite3.Connection]:
    """Every connection to SQLite that is made from now on."""
    found: list[sqlite3.Connection] = []
    connect = sqlite3.dbapi2.connect

    def watched(*arguments: Any, **options: Any) -> sqlite3.Connection:
        found.append(connect(*arguments, **options))
        return found[-1]

    monkeypatch.setattr(sqlite3.dbapi2, "connect", watched)
    return found


def assert_all_closed(made: list[sqlite3.Connection]) -> None:
    assert made
    for connection in made:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")


@pytest.mark.parametrize("trouble", ["no database", "cannot erase"])
def test_an_opening_that_fails_leaves_no_connection(
    path: Path, made: list[sqlite3.Connection], monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    if trouble == "no database":
        path.parent.mkdir()
        path.write_bytes(b"a diary, not a database\n" * 100)
    else:
        monkeypatch.setattr(SqlTimelineStore, "retire", lambda *_: (_ for _ in ()).throw(StoreUnavailable("locked")))
    with pytest.raises(TimelineError):
        StoreOpener(f"sqlite:///{path}")()
    assert_all_closed(made)


def test_what_another_thread_was_reading_when_the_store_closed_is_closed_after_it(
    path: Path, made: list[sqlite3.Connection]
) -> None:
    store = SqlTimelineStore.open(f"sqlite:///{path}")
    reading, closed = threading.Event(), threading.Event()

    def read() -> None:
        with store._database.reading():
            reading.set()
            assert closed.wait(PATIENCE_S)

    with ThreadPoolExecutor(1) as other:
        done = other.submit(read)
        assert reading.wait(PATIENCE_S)
        store.close()
        closed.set()
        done.result()
    assert_all_closed(made)


def test_a_call_after_the_store_closed_leaves_no_connection(path: Path, made: list[sqlite3.Connection]) -> None:
    store = SqlTimelineStore.open(f"sqlite:///{path}")
    store.close()
    store.begin(make_info())
    assert len(store.list()) == 1
    assert_all_closed(made)
