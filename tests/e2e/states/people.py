"""People and studies on the Timelines page, brought into each of its states."""

from __future__ import annotations

from contextlib import suppress

from playwright.sync_api import Locator, TimeoutError, expect

from emrs_core.ui import hooks
from tests.e2e.live_page import LivePage
from tests.e2e.states.state import State
from tests.e2e.states.timelines import TIMEOUT_MS, demo, empty, open_page

STUDY, DAYS = "Evening walks", 3_000
"""So many days that nothing of the demo is over."""
PHQ2_STUDY = "Two questions"
TRIES = 3


def show(live: LivePage) -> None:
    """The third choice of the Timelines page."""
    live.part(hooks.TIMELINES_VIEW).get_by_role("radio", name="People and studies").click()
    expect(live.part(hooks.PEOPLE)).to_be_visible(timeout=TIMEOUT_MS)


def view_sessions(live: LivePage) -> None:
    live.part(hooks.TIMELINES_VIEW).get_by_role("radio", name="Sessions").click()
    expect(live.part(hooks.SESSIONS)).to_be_visible(timeout=TIMEOUT_MS)


def press(live: LivePage, key: str) -> None:
    live.part(key).get_by_role("button").first.click()


def field(live: LivePage, key: str) -> Locator:
    return live.part(key).locator("input").first


def told(live: LivePage, text: str) -> None:
    expect(live.part(hooks.SESSIONS_TOLD)).to_contain_text(text, timeout=TIMEOUT_MS)


def make_study(live: LivePage, name: str = STUDY, days: int = DAYS) -> None:
    """A study that keeps its sessions so many days; nothing where it is there already."""
    expect(live.part(hooks.STUDIES).locator(".emrs-person, .emrs-empty").first).to_be_visible(timeout=TIMEOUT_MS)
    if live.part(hooks.STUDIES).get_by_text(name, exact=True).count():
        return
    press(live, hooks.STUDY_NEW)
    field(live, "study-at-new-name").fill(name)
    live.part("study-at-new-limited").locator("label").click()
    field(live, "study-at-new-days").fill(str(days))
    press(live, "study-at-new-save")
    told(live, f"The study {name} is there")


def ask_phq2(live: LivePage) -> None:
    """A study that asks the two questions; nothing where it is there already."""
    open_page(live)
    show(live)
    expect(live.part(hooks.STUDIES).locator(".emrs-person, .emrs-empty").first).to_be_visible(timeout=TIMEOUT_MS)
    if live.part(hooks.STUDIES).get_by_text(PHQ2_STUDY, exact=True).count():
        return
    press(live, hooks.STUDY_NEW)
    field(live, "study-at-new-name").fill(PHQ2_STUDY)
    live.part("study-at-new-phq2").locator("label").first.click()
    press(live, "study-at-new-save")
    told(live, f"The study {PHQ2_STUDY} is there")


def pick(live: LivePage, key: str, value: str) -> None:
    """Choose in a list. A redraw or a scroll that comes meanwhile closes it again: then it is opened once more."""
    option = live.page.get_by_role("option", name=value, exact=True)
    for _ in range(TRIES):
        box = field(live, key)
        if box.input_value() == value:
            return
        box.scroll_into_view_if_needed()
        box.click()
        box.fill(value)
        with suppress(TimeoutError):
            option.click(timeout=TIMEOUT_MS / TRIES)
            return
    raise AssertionError(f"{value} could not be chosen")


def choose(live: LivePage, code: str) -> None:
    pick(live, hooks.PARTICIPANT, code)
    expect(live.part(hooks.PARTICIPANT_CARD)).to_contain_text(code, timeout=TIMEOUT_MS)


def nobody(live: LivePage) -> None:
    empty(live)
    show(live)
    expect(live.page.get_by_text("No participants yet")).to_be_visible(timeout=TIMEOUT_MS)


def people(live: LivePage) -> None:
    demo(live)
    show(live)
    make_study(live)


def one(live: LivePage) -> None:
    people(live)
    choose(live, "DEMO-A")


def erasing(live: LivePage) -> None:
    one(live)
    press(live, hooks.PARTICIPANT_ERASE)
    expect(live.page.get_by_test_id("stPopoverBody")).to_be_visible(timeout=TIMEOUT_MS)


def new(live: LivePage) -> None:
    people(live)
    press(live, hooks.PARTICIPANT_NEW)
    field(live, hooks.PARTICIPANT_CODE).fill("Anna")
    field(live, hooks.PARTICIPANT_CODE).press("Enter")
    expect(live.page.get_by_text("This looks like a name")).to_be_visible(timeout=TIMEOUT_MS)


def guest(live: LivePage) -> None:
    open_page(live)
    show(live)


PEOPLE = (
    State("people-guest", guest),
    State("people-nobody", nobody, guest=False),
    State("people-all", people, guest=False),
    State("people-new", new, guest=False),
    State("people-one", one, guest=False),
    State("people-erasing", erasing, guest=False),
)
