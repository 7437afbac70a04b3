"""A database that is full, locked, read-only or too new: the live view goes on, says so, and catches up later."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from emrs_core.testing.timeline import NOON, make_info, make_samples
from emrs_core.timeline import recorder
from emrs_core.timeline.sessions import SessionState
from emrs_core.timeline.sql import database
from emrs_core.timeline.sql.schema import VERSION_TABLE
from emrs_core.timeline.sql.store import SqlTimelineStore
from emrs_core.types import Emotion
from emrs_core.ui import resources
from emrs_core.ui.record import row
from tests.pages.harness import RATE_HZ, Dashboard
from tests.pages.record_use import row_of, watching
from tests.pages.review_use import fill, show
from tests.pages.review_use import press as press_in_review
from tests.waiting import wait_until

WATCHED_S = 60.0
"""Enough for several pages of the file: a full one takes what still fits into the last."""
Trouble = Callable[[Dashboard], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for a lock, or for the next try."""
    monkeypatch.setattr(database, "BUSY_S", 0.05)
    monkeypatch.setattr(recorder, "RETRY_EVERY_S", 0.05)


@contextmanager
def locked(dashboard: Dashboard) -> Iterator[None]:
    """Another program holds the file."""
    with closing(sqlite3.connect(dashboard.data_dir / "sessions.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def full(_: Dashboard) -> Iterator[None]:
    """The file cannot grow: SQLite takes its present size for a smaller limit."""
    with imposed("max_page_count=1", "max_page_count=1000000"):
        yield


@contextmanager
def read_only(_: Dashboard) -> Iterator[None]:
    with imposed("query_only=ON", "query_only=OFF"):
        yield


@contextmanager
def imposed(pragma: str, otherwise: str) -> Iterator[None]:
    """SQLite itself refuses, on each connection of the dashboard."""
    engine = resources.load().open_sessions()._database.engine  # type: ignore[attr-defined]
    now = [pragma]
    event.listen(engine, "checkout", lambda connection, *_: connection.execute(f"PRAGMA {now[0]}"))
    yield
    now[0] = otherwise


def until_told(dashboard: Dashboard) -> None:
    wait_until(lambda: dashboard.visit().keep.status.problem is not None)  # type: ignore[union-attr]
    dashboard.run()


def until_caught_up(dashboard: Dashboard) -> None:
    def done() -> bool:
        status = dashboard.visit().keep.status
        return status is not None and status.problem is None and not status.waiting

    wait_until(done)


@pytest.mark.parametrize(("trouble", "reason"), [(full, "full"), (locked, "locked"), (read_only, "readonly")])
def test_the_live_view_goes_on_says_so_and_catches_up(dashboard: Dashboard, trouble: Trouble, reason: str) -> None:
    watching(dashboard)
    written = dashboard.kept()
    assert written is not None
    with trouble(dashboard):
        dashboard.see(Emotion.SAD, seconds=WATCHED_S)
        until_told(dashboard)
        assert (row_of(dashboard)["tone"], row_of(dashboard)["text"]) == ("waiting", row.WAITING)
        assert reason in dashboard.text()
        assert "are written as soon as that works" in dashboard.text()
        assert dashboard.session.mood().name == "sad"
        assert dashboard.session.songs() is not None
        assert "cannot be written at the moment" in dashboard.open("Your data").text()
        show(dashboard, written.info.id)  # what was written before can be seen meanwhile
        fill(dashboard, "session-add", "-text", "seen now")
        press_in_review(dashboard, "session-add", "-submit")
        refused = [error for error in dashboard.app.error if reason in str(error.value)]
        assert bool(refused) is (trouble is not full)  # a mark still fits into the last page of a full file
    until_caught_up(dashboard)
    dashboard.open("Live")
    assert row_of(dashboard)["tone"] == "kept"
    timeline = dashboard.kept()
    assert timeline is not None
    assert len(timeline.samples) == dashboard.session.elapsed_s() * RATE_HZ // 1
    dashboard.close()
    assert resources.load().open_sessions().read(timeline.info.id).info.state is SessionState.ENDED


def stored(data_dir: Path) -> str:
    """A session of yesterday, in a file that nobody has open."""
    info = make_info()
    with closing(SqlTimelineStore.open(f"sqlite:///{data_dir}/sessions.db")) as store:
        store.begin(info)
        store.append(info.id, make_samples(40))
        store.end(info.id, NOON)
    return info.id


def version(data_dir: Path, number: str | None = None) -> str:
    """The schema's version as it stands in the file; ``number`` puts another one there."""
    with closing(sqlite3.connect(data_dir / "sessions.db")) as connection, connection:
        (before,) = connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()
        if number is not None:
            connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = ?", (number,))
    return str(before)


@contextmanager
def newer(dashboard: Dashboard) -> Iterator[None]:
    """A later version of this program has changed the file."""
    before = version(dashboard.data_dir, "9999")
    yield
    assert version(dashboard.data_dir) == "9999"
    version(dashboard.data_dir, before)


@pytest.mark.parametrize(("trouble", "reason"), [(newer, "a newer version of EMRS made it"), (locked, "locked")])
def test_one_that_cannot_be_opened_is_refused_with_its_reason_and_nothing_is_lost(
    dashboard: Dashboard, trouble: Trouble, reason: str
) -> None:
    before = stored(dashboard.data_dir)
    with trouble(dashboard):
        watching(dashboard, seconds=20)
        until_told(dashboard)
        assert reason in dashboard.text()
        assert row_of(dashboard)["tone"] == "waiting"
        assert dashboard.session.songs() is not None
        for page in ("Timelines", "Your data"):
            dashboard.open(page)
            assert any(reason in str(error.value) for error in dashboard.app.error), page
            assert dashboard.app.title[0].value
    until_caught_up(dashboard)
    dashboard.open("Timelines")
    assert not dashboard.app.error
    kept: Any = {summary.info.id: summary.samples for summary in resources.load().open_sessions().list()}
    assert kept.pop(before) == 40
    assert list(kept.values()) == [dashboard.session.elapsed_s() * RATE_HZ // 1]
