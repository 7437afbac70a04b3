"""Kept sessions with a real browser: made up, listed, opened, taken along, deleted, brought in again; and a guest's."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from emrs_core.ui import hooks
from tests.e2e import server
from tests.e2e.live_page import LivePage
from tests.e2e.states import timelines as timeline_states
from tests.e2e.states.timelines import TIMEOUT_MS

Visit = Callable[..., LivePage]


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[server.Server]:
    """A dashboard of its owner, with nothing kept."""
    with server.running(tmp_path, EMRS_MODE="local", EMRS_ICE_SERVERS="[]") as running:
        yield running


def export_json(live: LivePage, folder: Path) -> Path:
    """Take the one that is ticked or open along as JSON."""
    live.part(hooks.SESSIONS_EXPORT).get_by_role("button").first.click()
    live.part(hooks.SESSIONS_FORMAT).get_by_role("radio", name="JSON").click()
    button = live.part(hooks.SESSIONS_TAKE).get_by_role("button")
    expect(button).to_contain_text(".json", timeout=TIMEOUT_MS)
    with live.page.expect_download(timeout=TIMEOUT_MS) as waiting:
        button.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    live.page.keyboard.press("Escape")
    return path


def test_a_session_goes_out_and_comes_back(visit: Visit, owner: server.Server, tmp_path: Path) -> None:
    live = visit("room", url=owner.url)
    timeline_states.empty(live)
    timeline_states.opened(live)
    expect(live.page).to_have_url(re.compile(r"/timelines\?session=demo-6$"))
    path = export_json(live, tmp_path)
    assert path.name == "demo-6.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["session"]["id"] == "demo-6"
    assert document["synthetic"] is True
    assert len(document["samples"]) > 1000

    live.part(hooks.SESSIONS_DELETE).get_by_role("button").first.click()
    live.part(hooks.SESSIONS_SURE).get_by_role("button").click()
    expect(live.page.get_by_text("Deleted: 1 session.")).to_be_visible(timeout=TIMEOUT_MS)
    expect(timeline_states.rows(live)).to_have_count(timeline_states.COUNT - 1, timeout=TIMEOUT_MS)
    expect(timeline_states.row(live, "demo-6")).to_have_count(0)

    live.part(hooks.SESSIONS_IMPORT).get_by_role("button").first.click()
    live.page.locator('input[type="file"]').last.set_input_files(path, timeout=TIMEOUT_MS)
    bring = live.part(hooks.SESSIONS_BRING).get_by_role("button")
    expect(bring).to_be_enabled(timeout=TIMEOUT_MS)
    bring.click()
    expect(live.part(hooks.SESSIONS_TOLD)).to_contain_text("is there", timeout=TIMEOUT_MS)
    expect(timeline_states.row(live, "demo-6")).to_be_visible(timeout=TIMEOUT_MS)


def test_back_and_a_link_of_its_own_lead_where_one_expects(visit: Visit, owner: server.Server) -> None:
    live = visit("room", url=owner.url)
    timeline_states.opened(live)
    live.page.go_back()
    expect(timeline_states.rows(live)).to_have_count(timeline_states.COUNT, timeout=TIMEOUT_MS)
    live.page.go_forward()
    expect(live.part(hooks.TIMELINES_BACK)).to_be_visible(timeout=TIMEOUT_MS)
    live.part(hooks.TIMELINES_BACK).get_by_role("button").click()
    expect(timeline_states.rows(live)).to_have_count(timeline_states.COUNT, timeout=TIMEOUT_MS)
    expect(live.page).to_have_url(re.compile(r"/timelines$"))
    live.page.goto(f"{owner.url}/timelines?session=demo-2")
    expect(live.part(hooks.SUMMARY)).to_contain_text("recorded", timeout=2 * TIMEOUT_MS)
    timeline_states.gone(visit("room", url=owner.url))


def test_ticked_sessions_are_laid_over_each_other(visit: Visit, owner: server.Server) -> None:
    live = visit("room", url=owner.url)
    timeline_states.compared(live)
    expect(live.part(hooks.COMPARED_CURVES).locator(".scatterlayer .trace")).to_have_count(2, timeout=TIMEOUT_MS)
    live.part(hooks.TIMELINES_VIEW).get_by_role("radio", name="Sessions").click()
    expect(live.page.get_by_text("2 sessions ticked")).to_be_visible(timeout=TIMEOUT_MS)


def test_a_guests_session_is_there_for_the_guest_alone(visit: Visit, hosted: server.Server) -> None:
    first, second = visit(), visit("room")
    first.agree()
    first.start()
    first.expect_mood("Happy")
    timeline_states.open_page(first)
    expect(first.page.get_by_text("end with the visit")).to_be_visible()
    expect(timeline_states.rows(first)).to_have_count(1, timeout=TIMEOUT_MS)
    expect(first.page.locator(".emrs-badge-running")).to_be_visible()
    session_id = timeline_states.rows(first).first.get_attribute("data-session-id")

    timeline_states.open_page(second)
    expect(second.page.get_by_text("No sessions yet")).to_be_visible(timeout=TIMEOUT_MS)
    second.page.goto(f"{hosted.url}/timelines?session={session_id}")
    expect(second.page.get_by_text("There is no such session here")).to_be_visible(timeout=TIMEOUT_MS)
    assert not [path for path in hosted.data_dir.rglob("*") if path.is_file()]
