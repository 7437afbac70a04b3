"""Your data's part on kept sessions, in every state: none, the owner's, a guest's, one that is being recorded."""

from __future__ import annotations

import io
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from emrs_core.bootstrap import SESSIONS_FILE
from emrs_core.timeline.access import Role
from emrs_core.timeline.demo.keeping import add_demo
from emrs_core.timeline.importing.session_file import parse_session
from emrs_core.timeline.sessions import SessionInfo
from emrs_core.types import Emotion
from emrs_core.ui import hooks, kept_view, state
from tests.pages.harness import Dashboard
from tests.pages.timelines_use import tick
from tests.waiting import wait_until

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def guest(dashboard: Dashboard) -> Dashboard:
    dashboard.environment(EMRS_MODE="hosted")
    return dashboard


def with_demo(dashboard: Dashboard) -> Dashboard:
    """The eight made-up sessions, in whichever store this visitor has."""
    dashboard.run()
    visit = dashboard.visit()
    add_demo(state.sessions(visit), dashboard.catalogue.tracks(), NOW, visit.viewer.owner_id)
    return dashboard


def taken(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the page's download buttons offer."""
    found: list[dict[str, Any]] = []
    plain = st.download_button
    monkeypatch.setattr(st, "download_button", lambda *a, **k: found.append(k) or plain(*a, **k))
    return found


def test_without_sessions_nothing_is_opened(dashboard: Dashboard) -> None:
    text = dashboard.run().open("Your data").text()
    assert kept_view.NONE[Role.OWNER] in text
    assert not (dashboard.data_dir / SESSIONS_FILE).exists()
    assert not dashboard.has_button(hooks.KEPT_SURE)


def test_the_owner_reads_how_many_since_when_and_how_large(dashboard: Dashboard) -> None:
    text = with_demo(dashboard).open("Your data").text()
    assert "**8 sessions** since" in text
    assert "in a file of **" in text
    assert "All are synthetic demo data." in text
    size = sum(path.stat().st_size for path in dashboard.data_dir.glob(f"{SESSIONS_FILE}*"))
    assert kept_view.spoken_size(size) in text


def test_all_are_taken_along_in_one_zip(dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch) -> None:
    with_demo(dashboard)
    offered = taken(monkeypatch)
    dashboard.open("Your data")
    (one,) = [k for k in offered if k["key"] == hooks.KEPT_EXPORT]
    assert one["file_name"] == "emrs-8-sessions-json.zip"
    with zipfile.ZipFile(io.BytesIO(one["data"]())) as archive:
        names = archive.namelist()
        timelines = [parse_session(archive.read(name)) for name in names]
    assert {timeline.info.id for timeline in timelines} == {f"demo-{k}" for k in range(1, 9)}


def test_all_are_erased_once_that_is_confirmed(dashboard: Dashboard) -> None:
    with_demo(dashboard).open("Your data")
    assert "Erase all 8 sessions?" in dashboard.text()
    dashboard.button(hooks.KEPT_SURE).click()
    text = dashboard.run().text()
    assert kept_view.NONE[Role.OWNER] in text
    assert state.sessions(dashboard.visit()).list() == ()


def test_the_session_of_this_visit_is_erased_too_and_kept_no_more(dashboard: Dashboard) -> None:
    dashboard.run().agree().press_start().see(Emotion.HAPPY)
    assert dashboard.kept() is not None
    assert kept_view.KEPT_NO_MORE in dashboard.open("Your data").text()
    dashboard.button(hooks.KEPT_SURE).click()
    text = dashboard.run().text()
    assert "is **not kept**" in text
    wait_until(lambda: dashboard.kept() is None)
    dashboard.see(Emotion.SAD)
    assert dashboard.kept() is None


def test_a_session_that_runs_elsewhere_is_not_erased_and_that_is_said(dashboard: Dashboard) -> None:
    dashboard.run()
    store = state.sessions(dashboard.visit())
    store.begin(SessionInfo("elsewhere", "local", datetime.now(UTC)))
    dashboard.open("Your data")
    dashboard.button(hooks.KEPT_SURE).click()
    assert "still runs elsewhere" in dashboard.run().text()
    assert [summary.info.id for summary in store.list()] == ["elsewhere"]


def test_a_guest_is_told_to_take_the_session_along(guest: Dashboard) -> None:
    assert kept_view.NONE[Role.GUEST] in guest.run().open("Your data").text()
    guest.open("Live").agree().press_start().see(Emotion.HAPPY)
    guest.kept()
    text = guest.open("Your data").text()
    assert "**1 session** since" in text
    assert "take it with you before you leave" in text
    assert "in a file of" not in text
    assert not [path for path in guest.data_dir.rglob("*") if path.is_file()]


def test_what_a_guest_takes_along_lies_in_no_temporary_folder(
    guest: Dashboard, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with_demo(guest)
    offered = taken(monkeypatch)
    guest.open("Your data")
    tick(guest.open("Timelines"), "demo-1", "demo-2")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "is not there"))
    for key in (hooks.KEPT_EXPORT, hooks.SESSIONS_TAKE):
        make = next(k["data"] for k in offered if k["key"] == key)
        assert zipfile.ZipFile(io.BytesIO(make())).testzip() is None
        with pytest.raises(FileNotFoundError):
            make(in_memory=False)  # the owner's would need it


def test_a_store_that_cannot_be_opened_is_one_sentence_and_the_rest_stays(dashboard: Dashboard) -> None:
    (dashboard.data_dir / SESSIONS_FILE).write_text("this is no database, but a file of the same name" * 40)
    text = dashboard.run().open("Your data").text()
    assert [e for e in dashboard.app.error if "session" in str(e.value).lower() or "database" in str(e.value).lower()]
    assert "Your taste" in text


@pytest.mark.parametrize(
    ("size", "spoken"),
    [(0, "1 kB"), (340_200, "340 kB"), (1_240_000, "1.2 MB"), (2_500_000_000, "2.50 GB")],
)
def test_sizes(size: int, spoken: str) -> None:
    assert kept_view.spoken_size(size) == spoken
