"""The Timelines page brought into each of its states, for the pictures and the tests."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from emrs_core.ui import hooks
from tests.e2e.live_page import LivePage
from tests.e2e.states.state import State

TIMEOUT_MS = 30_000
COUNT = 8
"""Demo sessions."""


def rows(live: LivePage) -> Locator:
    """The sessions listed."""
    return live.page.locator(".emrs-session")


def row(live: LivePage, session_id: str) -> Locator:
    return live.page.locator(f'.emrs-session[data-session-id="{session_id}"]')


def open_page(live: LivePage) -> None:
    live.go_to("Timelines")
    expect(live.page.get_by_role("heading", name="Timelines", exact=True)).to_be_visible(timeout=TIMEOUT_MS)


def empty(live: LivePage) -> None:
    """Nothing kept. On a machine where something is, it is taken out first."""
    open_page(live)
    expect(live.part(hooks.SESSIONS)).to_be_visible(timeout=TIMEOUT_MS)
    if live.part(hooks.DEMO_REMOVE).count():
        live.part(hooks.DEMO_REMOVE).get_by_role("button").click()
    expect(live.page.get_by_text("No sessions yet")).to_be_visible(timeout=TIMEOUT_MS)


def demo(live: LivePage) -> None:
    """The demo sessions are there."""
    open_page(live)
    expect(live.part(hooks.SESSIONS)).to_be_visible(timeout=TIMEOUT_MS)
    if live.part(hooks.DEMO_ADD).count():
        live.part(hooks.DEMO_ADD).get_by_role("button").click()
    expect(rows(live)).to_have_count(COUNT, timeout=2 * TIMEOUT_MS)


def tick(live: LivePage, *session_ids: str) -> None:
    for number, session_id in enumerate(session_ids, 1):
        row(live, session_id).get_by_role("checkbox").check()
        word = "session" if number == 1 else "sessions"
        expect(live.page.get_by_text(f"{number} {word} ticked")).to_be_visible(timeout=TIMEOUT_MS)


def ticked(live: LivePage) -> None:
    demo(live)
    tick(live, "demo-7", "demo-5")


def window(key: str) -> Callable[[LivePage], None]:
    """One of the small windows stands open, with two sessions ticked."""

    def prepare(live: LivePage) -> None:
        ticked(live)
        live.part(key).get_by_role("button").first.click()
        expect(live.page.get_by_test_id("stPopoverBody")).to_be_visible(timeout=TIMEOUT_MS)

    return prepare


def nothing_found(live: LivePage) -> None:
    demo(live)
    live.part(hooks.SESSIONS_TEXT).get_by_role("textbox").fill("nowhere")
    live.part(hooks.SESSIONS_TEXT).get_by_role("textbox").press("Enter")
    expect(live.page.get_by_text("No session fits the search")).to_be_visible(timeout=TIMEOUT_MS)


def compared(live: LivePage) -> None:
    ticked(live)
    live.part(hooks.SESSIONS_COMPARE).get_by_role("button").click()
    expect(live.part(hooks.COMPARED_TABLE)).to_contain_text("Difference", timeout=2 * TIMEOUT_MS)


def compared_none(live: LivePage) -> None:
    demo(live)
    live.part(hooks.TIMELINES_VIEW).get_by_role("radio", name="Compare").click()
    expect(live.page.get_by_text("Choose two sessions or more")).to_be_visible(timeout=TIMEOUT_MS)


def opened(live: LivePage) -> None:
    demo(live)
    row(live, "demo-6").get_by_role("link").click()
    expect(live.part(hooks.TIMELINES_BACK)).to_be_visible(timeout=TIMEOUT_MS)
    expect(live.part(hooks.SUMMARY)).to_contain_text("recorded", timeout=2 * TIMEOUT_MS)


def gone(live: LivePage) -> None:
    live.page.goto(live.page.url.rstrip("/") + "/timelines?session=nowhere")
    expect(live.page.get_by_text("There is no such session here")).to_be_visible(timeout=TIMEOUT_MS)


TIMELINES = (
    State("timelines-empty", empty, guest=False),
    State("timelines-guest", open_page),
    State("timelines-demo", demo, guest=False),
    State("timelines-nothing-found", nothing_found, guest=False),
    State("timelines-ticked", ticked, guest=False),
    State("timelines-filters", window(hooks.SESSIONS_FILTERS), guest=False),
    State("timelines-export", window(hooks.SESSIONS_EXPORT), guest=False),
    State("timelines-delete", window(hooks.SESSIONS_DELETE), guest=False),
    State("timelines-import", window(hooks.SESSIONS_IMPORT), guest=False),
    State("timelines-compare", compared, guest=False),
    State("timelines-compare-none", compared_none, guest=False),
    State("timelines-opened", opened, guest=False),
    State("timelines-gone", gone, guest=False),
)
