"""A started server erases what studies keep no longer, although no browser ever comes."""

from __future__ import annotations

import asyncio
import logging
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from emrs_core.testing.timeline import make_info, make_samples
from emrs_core.timeline.sessions import Study
from emrs_core.timeline.sql import opening
from emrs_core.timeline.sql.store import SqlTimelineStore
from emrs_core.ui import lifetime, resources
from tests.e2e.server import running
from tests.waiting import wait_until

PATIENCE_S = 60.0


def with_sessions(path: Path) -> str:
    """A session whose time is over, and one whose is not; the address of their database."""
    url, now = f"sqlite:///{path}", datetime.now(UTC)
    with closing(SqlTimelineStore.open(url)) as store:
        store.put_study(Study("short"))
        for session_id, days in (("over", 2), ("stays", 0)):
            info = make_info(id=session_id, started_at=now - timedelta(days=days), study="short")
            store.begin(info)
            store.append(info.id, make_samples(8))
            store.end(info.id, now)
        store.change_study("short", Study("short", retention_days=1))  # last: a server may be looking already
    return url


def left(url: str) -> list[str]:
    with closing(SqlTimelineStore.open(url)) as store:
        return [summary.info.id for summary in store.list()]


def test_it_goes_when_the_owners_dashboard_starts(tmp_path: Path) -> None:
    url = with_sessions(tmp_path / "data" / "sessions.db")
    assert left(url) == ["stays", "over"]
    with running(tmp_path, EMRS_MODE="local"):
        wait_until(lambda: left(url) == ["stays"], PATIENCE_S)


def test_it_goes_where_guests_alone_come(tmp_path: Path) -> None:
    url = with_sessions(tmp_path / "team.db")
    with running(tmp_path, EMRS_MODE="hosted", EMRS_DATABASE_URL=url):
        wait_until(lambda: left(url) == ["stays"], PATIENCE_S)


def test_a_database_that_fails_is_one_sentence_in_the_log_and_the_server_serves(tmp_path: Path) -> None:
    path = tmp_path / "data" / "sessions.db"
    path.parent.mkdir()
    path.write_text("this is no database, but a file of the same name" * 40)
    with running(tmp_path, EMRS_MODE="local") as server:
        wait_until(lambda: "could not be looked through" in server.log(), PATIENCE_S)
        assert "not a database" in server.log()
        assert "Traceback" not in server.log()


def test_where_nothing_was_kept_nothing_is_opened(tmp_path: Path) -> None:
    with running(tmp_path, EMRS_MODE="local") as server:
        loaded = Path(f"/proc/{server.process.pid}/maps")
        if loaded.exists():
            assert "sqlalchemy" not in loaded.read_text(encoding="utf-8")
    assert list((tmp_path / "data").iterdir()) == []


def test_a_server_that_runs_for_long_looks_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMRS_DATABASE_URL", f"sqlite:///{tmp_path}/sessions.db")
    monkeypatch.setattr(lifetime, "LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(opening, "RETIRE_EVERY", timedelta(0))

    async def serve() -> None:
        async with lifetime.lifetime(None):
            await asyncio.to_thread(lifetime.retire)  # it is open
            url = await asyncio.to_thread(with_sessions, tmp_path / "sessions.db")
            await asyncio.to_thread(wait_until, lambda: left(url) == ["stays"])

    try:
        asyncio.run(serve())
    finally:
        wait_until(lambda: not any(thread.name == lifetime.THREAD for thread in threading.enumerate()), PATIENCE_S)
        settings = resources.current_settings()
        resources.opener(settings.data_dir, settings.database_url)().close()  # the server's own, open to its end


def test_wrong_settings_do_not_stop_the_start(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("EMRS_MODE", "nowhere")
    with caplog.at_level(logging.WARNING):
        lifetime.retire()
    assert "EMRS_MODE must be" in caplog.text
