"""The figures of a kept session, and all that is kept taken along and erased, in a real browser."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from emrs_core.timeline.demo.keeping import DEMO_IDS
from emrs_core.timeline.importing.session_file import parse_session
from emrs_core.ui import hooks
from tests.e2e import server
from tests.e2e.live_page import LivePage
from tests.e2e.states import timelines as timeline_states
from tests.e2e.states.timelines import TIMEOUT_MS

Visit = Callable[..., LivePage]
CHARTS = (hooks.SUMMARY_TIME, hooks.SUMMARY_MOVES, hooks.SUMMARY_SONGS)


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[server.Server]:
    with server.running(tmp_path, EMRS_MODE="local", EMRS_ICE_SERVERS="[]") as running:
        yield running


def test_a_session_shows_its_figures_and_all_sessions_go_at_once(
    visit: Visit, owner: server.Server, tmp_path: Path
) -> None:
    live = visit("room", url=owner.url)
    timeline_states.opened(live)
    figures = live.part(hooks.SUMMARY)
    for key in CHARTS:
        expect(live.part(key).locator(".main-svg").first).to_be_visible(timeout=TIMEOUT_MS)
    figures.get_by_role("radio", name="Arousal").click()
    expect(figures.get_by_role("region", name="Arousal around each song")).to_be_visible(timeout=TIMEOUT_MS)
    expect(live.part(hooks.SUMMARY_SONGS).get_by_text("Arousal: calm – energetic")).to_be_visible(timeout=TIMEOUT_MS)

    live.go_to("Your data")
    kept = live.part(hooks.KEPT)
    expect(kept.get_by_text("8 sessions")).to_be_visible(timeout=TIMEOUT_MS)
    with live.page.expect_download(timeout=TIMEOUT_MS) as waiting:
        live.part(hooks.KEPT_EXPORT).get_by_role("button").click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        assert {parse_session(archive.read(name)).info.id for name in archive.namelist()} == DEMO_IDS

    live.part(hooks.KEPT_ERASE).get_by_role("button").first.click()
    live.part(hooks.KEPT_SURE).get_by_role("button").click()
    expect(kept.get_by_text("No session is kept.")).to_be_visible(timeout=TIMEOUT_MS)
