"""What becomes of the owner's session: kept from the agreement on, erased on request; a guest's is not kept."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import pytest

from emrs_core.timeline.sql.store import SqlTimelineStore
from emrs_core.types import Emotion
from emrs_core.ui import state
from tests.pages.harness import Dashboard

PATIENCE_S = 30.0


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "sessions.db"


def keeper_of(dashboard: Dashboard) -> object:
    return dashboard.app.session_state[state.VISIT_KEY].keeper


def wait_until_written(dashboard: Dashboard) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while (status := keeper_of(dashboard).status) is not None and (status.waiting or status.problem):
        assert time.monotonic() < deadline, status
        time.sleep(0.02)


def test_a_session_is_kept_from_the_agreement_on(dashboard: Dashboard, database: Path) -> None:
    dashboard.open().see(Emotion.SAD, seconds=2)
    assert keeper_of(dashboard).session_id is None
    assert not database.exists()
    dashboard.agree().see(Emotion.HAPPY)
    dashboard.session.play(dashboard.session.songs().items[0].track.id)
    session_id = keeper_of(dashboard).session_id
    keeper_of(dashboard).close(PATIENCE_S)
    store = SqlTimelineStore.open(f"sqlite:///{database}")
    (summary,) = store.list()
    timeline = store.read(session_id)
    store.close()
    assert (summary.info.owner, summary.songs) == ("local", 1)
    assert summary.samples == len(timeline.samples) >= 100
    kinds = [type(event).__name__ for event in timeline.events]
    assert kinds[0] == "ConsentGiven"
    assert {"FaceFound", "SongsShown", "SongStarted"} <= set(kinds)


def test_a_session_that_is_not_to_be_kept_is_erased(dashboard: Dashboard, database: Path) -> None:
    dashboard.open().agree().see(Emotion.HAPPY, seconds=3)
    wait_until_written(dashboard)
    session_id = keeper_of(dashboard).session_id
    dashboard.open("Your data")
    assert session_id in dashboard.text()
    dashboard.button("session-decline").click()
    dashboard.run()
    assert "**not kept**" in dashboard.text()
    dashboard.see(Emotion.HAPPY, seconds=3)
    keeper_of(dashboard).close(PATIENCE_S)
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM emrs_sessions").fetchone() == (0,)
    connection.close()
    dashboard.button("session-keep").click()
    dashboard.run().see(Emotion.SAD, seconds=1)
    assert keeper_of(dashboard).session_id not in (None, session_id)
    keeper_of(dashboard).close(PATIENCE_S)


def test_erasing_or_withdrawing_takes_the_kept_session_too(dashboard: Dashboard, database: Path) -> None:
    for key, goes_on in (("erase", True), ("withdraw", False)):
        dashboard.open()
        if not goes_on or dashboard.has_button("consent-agree"):
            dashboard.agree() if dashboard.has_button("consent-agree") else None
        dashboard.see(Emotion.HAPPY, seconds=3)
        wait_until_written(dashboard)
        before = keeper_of(dashboard).session_id
        dashboard.open("Your data").button(key).click()
        dashboard.run()
        assert (keeper_of(dashboard).session_id is not None) is goes_on
        assert keeper_of(dashboard).session_id != before
    keeper_of(dashboard).close(PATIENCE_S)
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM emrs_sessions").fetchone() == (0,)
    connection.close()


def test_a_database_in_trouble_is_told_and_the_live_page_goes_on(dashboard: Dashboard, database: Path) -> None:
    database.write_text("this is no database, but a file in its place; it must not be overwritten. " * 20)
    dashboard.open().agree().see(Emotion.HAPPY)
    assert dashboard.session.songs() is not None
    deadline = time.monotonic() + PATIENCE_S
    while not keeper_of(dashboard).status.problem:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    dashboard.open("Your data")
    assert "wait to be written" in dashboard.text()
    assert "not a database" in dashboard.text()
    keeper_of(dashboard).decline()
    keeper_of(dashboard).close(PATIENCE_S)
    assert database.read_text().startswith("this is no database")


def test_a_guests_session_is_not_kept(dashboard: Dashboard, database: Path) -> None:
    dashboard.environment(EMRS_MODE="hosted")
    dashboard.open().agree().see(Emotion.HAPPY)
    assert keeper_of(dashboard) is None
    dashboard.open("Your data")
    assert not dashboard.has_button("session-decline")
    assert not database.exists()
