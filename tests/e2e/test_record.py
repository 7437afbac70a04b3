"""Recording with a real browser and camera: what one marks, notes and says of oneself is in the store, no more."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import pytest
from playwright.sync_api import expect

from emrs_core.bootstrap import SESSIONS_FILE
from emrs_core.timeline.events import Baseline, Event, Marker, Note, SelfReport, Withdrawn
from emrs_core.timeline.sessions import Timeline
from emrs_core.timeline.sql.opening import StoreOpener
from emrs_core.ui import hooks
from emrs_core.ui.record.link import LABEL
from tests.conftest import REPOSITORY
from tests.e2e.browser import DESKTOP
from tests.e2e.live_page import LivePage
from tests.e2e.server import Server, environment, running
from tests.e2e.states import record
from tests.e2e.states.record import NOTE, TIMEOUT_MS
from tests.e2e.states.timelines import row

Visit = Callable[..., LivePage]
E = TypeVar("E", bound=Event)
PHONE = (390, 844)
BELOW_CARD = """
songs => {
  const [card, row] = [".st-key-mood-card", ".st-key-record-bar"].map(part => document.querySelector(part));
  const top = songs.getBoundingClientRect().top;
  return [top - card.getBoundingClientRect().top - card.offsetHeight, top - row.getBoundingClientRect().top].map(
    (far, k) => (innerWidth > 640) === (k === 1) ? Math.round(far) : null);
}
"""
"""How far the songs are below what stands over them: the row, or on a phone the mood card, whose words may change."""
NOW_MS = "() => performance.now()"
CLOCK_S = 0.2
"""Between two presses the row may learn that its server's clock is that much ahead of what it took it for."""


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[Server]:
    """A dashboard of its owner, with nothing kept."""
    with running(tmp_path, EMRS_MODE="local", EMRS_ICE_SERVERS="[]") as server:
        yield server


def sessions(server: Server, *arguments: str) -> Any:
    """What the command line says of the kept sessions, while the dashboard runs."""
    command = [sys.executable, "-m", "emrs_core", "sessions", *arguments, "--json"]
    env = environment(server.home, {"EMRS_MODE": "local"})
    done = subprocess.run(command, cwd=REPOSITORY, env=env, capture_output=True, text=True, check=True, timeout=120)
    return json.loads(done.stdout)


def kept(server: Server) -> list[Timeline]:
    """The sessions in the database."""
    store = StoreOpener(f"sqlite:///{server.data_dir / SESSIONS_FILE}")()
    try:
        return [store.read(summary.info.id) for summary in store.list()]
    finally:
        store.close()


def events(server: Server, kind: type[E]) -> list[E]:
    """The events of that kind in the one session that is kept, in order of time."""
    return [event for timeline in kept(server) for event in timeline.events if isinstance(event, kind)]


def wait_for(live: LivePage, server: Server, count: int, kind: type[E]) -> list[E]:
    live.until(lambda: len(events(server, kind)) >= count, TIMEOUT_MS, f"{count} of {kind.__name__} written")
    return events(server, kind)


def test_a_recorded_visit_is_in_the_store_as_it_was(visit: Visit, owner: Server) -> None:
    live = visit(url=owner.url)
    record.marked(live)
    last = record.entries(live).filter(has_text="Marker").first
    last.get_by_role("button").click()  # taken back
    expect(record.entries(live)).to_have_count(2, timeout=TIMEOUT_MS)
    record.calibrated(live)
    live.stop()
    record.say_how_it_feels(live, valence=8, arousal=4)
    expect(live.part(hooks.SAID)).to_contain_text("pleasant +3, energetic +1 of nine steps", timeout=TIMEOUT_MS)
    expect(live.part(hooks.SAID).locator("tbody tr")).to_have_count(2)

    reports = wait_for(live, owner, 2, SelfReport)
    assert [(said.moment, said.valence, said.arousal) for said in reports] == [("before", 5, 3), ("after", 8, 4)]
    marks, (note,), (baseline,) = events(owner, Marker), events(owner, Note), events(owner, Baseline)
    assert [mark.label for mark in marks] == ["Marker", "Marker"]
    assert note.text == NOTE
    assert marks[0].t_s < marks[1].t_s < note.t_s
    assert [gone.target_id for gone in events(owner, Withdrawn)] == [marks[1].id]
    assert baseline.until_s - baseline.t_s == pytest.approx(10.0)
    assert sum(baseline.probabilities) == pytest.approx(1.0)

    (summary,) = sessions(owner, "list")
    shown = [event["id"] for event in sessions(owner, "show", summary["id"])["events"]]
    assert {note.id, baseline.id, *(mark.id for mark in marks), *(said.id for said in reports)} <= set(shown)
    live.part(hooks.SAID).get_by_role("link", name=LABEL).click()
    expect(live.page).to_have_url(re.compile(rf"/timelines\?session={summary['id']}$"), timeout=TIMEOUT_MS)
    expect(live.part(hooks.TIMELINES_BACK)).to_be_visible(timeout=TIMEOUT_MS)
    live.part(hooks.TIMELINES_BACK).get_by_role("button").click()
    expect(row(live, summary["id"])).to_be_visible(timeout=TIMEOUT_MS)


def test_a_key_marks_the_moment_of_the_press_but_never_while_one_writes(visit: Visit, owner: Server) -> None:
    live = visit(url=owner.url)
    record.recording(live)  # Start was clicked: the camera's own frame has the focus
    pressed_s = []
    for _ in range(3):
        before_ms = live.page.evaluate(NOW_MS)
        live.page.keyboard.press("m")
        pressed_s.append((before_ms / 1000, live.page.evaluate(NOW_MS) / 1000))
    live.page.keyboard.press("Control+m")
    live.page.keyboard.press("n")
    live.page.keyboard.type("mmm nnn")
    live.page.keyboard.press("Escape")
    live.page.keyboard.press("n")
    live.page.keyboard.type("kept")
    live.page.keyboard.press("Enter")
    marks = wait_for(live, owner, 3, Marker)
    (note,) = wait_for(live, owner, 1, Note)
    assert len(marks) == 3
    assert note.text == "kept"
    for (mark, pressed), (next_mark, next_pressed) in pairwise(zip(marks, pressed_s, strict=True)):
        between_s = next_mark.t_s - mark.t_s
        assert next_pressed[0] - pressed[1] - CLOCK_S <= between_s <= next_pressed[1] - pressed[0] + CLOCK_S


def test_a_session_that_is_not_to_be_kept_leaves_no_row(visit: Visit, owner: Server) -> None:
    live = visit(url=owner.url)
    record.marked(live)
    wait_for(live, owner, 2, Marker)
    record.open_menu(live)
    live.part(hooks.KEEP_NOT).get_by_role("button").click()
    expect(live.part(hooks.RECORD_ROW)).to_contain_text("This session is not kept.", timeout=TIMEOUT_MS)
    live.until(lambda: kept(owner) == [], TIMEOUT_MS, "the session erased")
    live.page.wait_for_timeout(2_000)
    assert sessions(owner, "list") == []
    expect(live.part(hooks.RECORD_ROW).locator(".emrs-record-mark")).to_be_hidden()


def test_figures_and_plane_can_be_used_by_keyboard_alone(visit: Visit, owner: Server) -> None:
    live = visit(url=owner.url)
    record.before(live)
    panel = live.part(hooks.SELF_REPORT)
    for name, moves in (("How pleasant", 2), ("How energetic", -3)):
        panel.get_by_role("radiogroup", name=name).get_by_role("radio").nth(4).focus()
        for _ in range(abs(moves)):
            live.page.keyboard.press("ArrowRight" if moves > 0 else "ArrowLeft")
        live.page.keyboard.press("Enter")
    expect(panel).to_have_count(0, timeout=TIMEOUT_MS)
    live.start()
    record.open_menu(live)
    live.part(hooks.REPORT_NOW).get_by_role("button").click()
    record.close_menu(live)
    panel.get_by_role("gridcell", name="pleasant 5, energetic 5").focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowLeft", "Enter"):
        live.page.keyboard.press(key)
    expect(panel).to_have_count(0, timeout=TIMEOUT_MS)
    said = wait_for(live, owner, 2, SelfReport)
    assert [(one.moment, one.valence, one.arousal) for one in said] == [("before", 7, 2), ("during", 4, 7)]


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_question_during_a_session_moves_no_song_when_it_comes_and_goes(
    visit: Visit, owner: Server, size: tuple[int, int]
) -> None:
    live = visit(url=owner.url, size=size)
    record.before(live)
    live.part(hooks.REPORT_SKIP).get_by_role("button").click()
    expect(live.part(hooks.SELF_REPORT)).to_have_count(0, timeout=TIMEOUT_MS)
    live.start()
    live.expect_songs()
    before = live.songs.evaluate(BELOW_CARD)
    record.open_menu(live)
    live.part(hooks.REPORT_NOW).get_by_role("button").click()
    record.close_menu(live)
    panel = live.part(hooks.SELF_REPORT)
    expect(panel).to_be_visible(timeout=TIMEOUT_MS)
    assert live.songs.evaluate(BELOW_CARD) == before
    expect(live.part(hooks.MOOD_CARD)).to_be_hidden()  # the reading would suggest an answer
    panel.get_by_role("gridcell", name="pleasant 7, energetic 3").click()
    expect(panel).to_have_count(0, timeout=TIMEOUT_MS)
    expect(live.part(hooks.MOOD_CARD)).to_be_visible()
    assert live.songs.evaluate(BELOW_CARD) == before
    (said,) = wait_for(live, owner, 1, SelfReport)
    assert (said.moment, said.valence, said.arousal) == ("during", 7, 3)
