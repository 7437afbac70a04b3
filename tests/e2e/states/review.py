"""One kept session brought into each of its states, for the pictures and the tests."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from emrs_core.ui import hooks
from tests.e2e.live_page import LivePage
from tests.e2e.states import timelines
from tests.e2e.states.live import happy
from tests.e2e.states.state import State, by_hand
from tests.e2e.states.timelines import TIMEOUT_MS

DRAWN = ".emrs-timeline-plot .scatterlayer .trace"


def opened(live: LivePage) -> None:
    """A demo session, its curves drawn."""
    timelines.opened(live)
    drawn(live)


def drawn(live: LivePage) -> None:
    """Wait for the curves."""
    expect(live.page.locator(DRAWN).first).to_be_attached(timeout=TIMEOUT_MS)


def item(live: LivePage, lane: str) -> Locator:
    """What can be pressed in that lane."""
    return live.page.locator(f".emrs-lanes button.emrs-lane-{lane}")


def shown(live: LivePage) -> tuple[float, float]:
    """The stretch that the chart shows, seconds."""
    start, end = live.page.evaluate("() => document.querySelector('.emrs-timeline-plot')._fullLayout.xaxis.range")
    return float(start), float(end)


def points(live: LivePage, name: str = "Valence") -> list[float]:
    """The moments of a curve's points within the stretch shown."""
    start, end = shown(live)
    found = live.page.evaluate(
        "name => Array.from(document.querySelector('.emrs-timeline-plot').data.find(t => t.name === name).x)", name
    )
    return [float(moment) for moment in found if start <= moment <= end]


def areas(live: LivePage) -> None:
    opened(live)
    live.part(hooks.SESSION_FORM).get_by_role("radio", name="Stacked").click()
    expect(live.page.locator(".emrs-timeline-plot .fills path").first).to_be_attached(timeout=TIMEOUT_MS)


def with_threshold(live: LivePage) -> None:
    opened(live)
    live.part(hooks.SESSION_THRESHOLD).get_by_role("button").first.click()
    live.page.get_by_test_id("stPopoverBody").get_by_role("combobox").click()
    live.page.get_by_role("option", name="Valence").click()
    expect(live.part(hooks.SESSION_EPISODES)).to_contain_text("together", timeout=TIMEOUT_MS)
    live.page.keyboard.press("Escape")


def less_baseline(live: LivePage) -> None:
    opened(live)
    live.part(hooks.SESSION_BASELINE).get_by_text("Less the neutral face").click()
    expect(live.page.get_by_text("Mean less the neutral face")).to_be_visible(timeout=2 * TIMEOUT_MS)
    drawn(live)


def song(live: LivePage) -> None:
    """Zoomed to the second song."""
    opened(live)
    before = shown(live)
    item(live, "songs").nth(1).click()
    live.page.wait_for_function(
        "wide => { const r = document.querySelector('.emrs-timeline-plot')._fullLayout.xaxis.range;"
        " return r[1] - r[0] < wide / 2; }",
        arg=before[1] - before[0],
    )


def chosen(live: LivePage) -> None:
    """A note is looked at."""
    opened(live)
    item(live, "notes").first.click()
    expect(live.part(hooks.SESSION_CHOSEN)).to_contain_text("Note at", timeout=TIMEOUT_MS)


def edited(live: LivePage) -> None:
    """A note was put right, and the history stands open."""
    chosen(live)
    live.part(hooks.SESSION_CHOSEN).get_by_label("Note").fill("مرحبا 🎧 leaned back")
    live.part(hooks.SESSION_CHOSEN).get_by_role("button", name="Save").click()
    expect(live.page.get_by_test_id("stToast")).to_be_visible(timeout=TIMEOUT_MS)  # the page has been drawn anew
    live.part(hooks.SESSION_HISTORY).get_by_text("History of the review").click(timeout=TIMEOUT_MS)
    expect(live.part(hooks.SESSION_HISTORY).get_by_text("Put right").first).to_be_visible(timeout=TIMEOUT_MS)
    drawn(live)


def demo_session(session_id: str) -> Callable[[LivePage], None]:
    """That one of the demo sessions."""

    def prepare(live: LivePage) -> None:
        timelines.demo(live)
        timelines.row(live, session_id).get_by_role("link").click()
        drawn(live)

    return prepare


def running(live: LivePage) -> None:
    """The session that is being recorded, seen from its own page."""
    happy(live)
    _open_newest(live)
    expect(live.page.locator(".emrs-state-running")).to_be_visible(timeout=TIMEOUT_MS)
    drawn(live)


def nothing_read(live: LivePage) -> None:
    """A session in which a mood was chosen and no camera was on."""
    live.agree()
    by_hand(live)
    _open_newest(live)
    expect(live.page.get_by_text("No reading of a face was kept")).to_be_visible(timeout=TIMEOUT_MS)


def _open_newest(live: LivePage) -> None:
    timelines.open_page(live)
    timelines.rows(live).first.get_by_role("link").click()
    expect(live.part(hooks.TIMELINES_BACK)).to_be_visible(timeout=TIMEOUT_MS)


REVIEW = (
    State("review", opened, guest=False),
    State("review-areas", areas, guest=False),
    State("review-threshold", with_threshold, guest=False),
    State("review-baseline", less_baseline, guest=False),
    State("review-song", song, guest=False),
    State("review-chosen", chosen, guest=False),
    State("review-edited", edited, guest=False),
    State("review-gap", demo_session("demo-4"), guest=False),
    State("review-interrupted", demo_session("demo-8"), guest=False),
    State("review-running", running, guest=False),
    State("review-nothing-read", nothing_read, guest=False),
)
