"""Recording on the Live page, as a person does it: for the pictures and the tests."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from emrs_core.ui import hooks
from emrs_core.ui.record.asking import WATCHED_S
from emrs_core.ui.record.phq2_view import LEAD
from tests.e2e.live_page import LivePage
from tests.e2e.states import people
from tests.e2e.states.state import State

TIMEOUT_MS = 30_000
CALIBRATION_MS = 40_000
NOTE = "She laughs at the second song 🎧"


def entries(live: LivePage) -> Locator:
    """Marks and notes in the row that the server has taken."""
    return live.part(hooks.RECORD_ROW).locator("li:not(.emrs-record-waits)")


def say_how_it_feels(live: LivePage, valence: int, arousal: int) -> None:
    """One tap in each row of figures."""
    panel = live.part(hooks.SELF_REPORT)
    for name, step in (("How pleasant", valence), ("How energetic", arousal)):
        figures = panel.get_by_role("radiogroup", name=name).get_by_role("radio")
        figures.nth(step - 1).click(timeout=TIMEOUT_MS)
    expect(panel).to_have_count(0, timeout=TIMEOUT_MS)


def open_menu(live: LivePage) -> None:
    """The popover behind the row."""
    live.part(hooks.RECORD_MORE).get_by_role("button").first.click(timeout=TIMEOUT_MS)
    expect(live.part(hooks.KEEP_NOT)).to_be_visible(timeout=TIMEOUT_MS)


def close_menu(live: LivePage) -> None:
    live.page.keyboard.press("Escape")
    expect(live.part(hooks.KEEP_NOT)).to_have_count(0, timeout=TIMEOUT_MS)


def calibrating(live: LivePage) -> None:
    """The dot is there."""
    open_menu(live)
    live.part(hooks.CALIBRATE).get_by_role("button").click()
    close_menu(live)
    expect(live.part(hooks.CALIBRATION)).to_contain_text("Look at the dot", timeout=TIMEOUT_MS)


def calibrated(live: LivePage) -> None:
    calibrating(live)
    expect(live.part(hooks.CALIBRATION)).to_contain_text("neutral face is noted", timeout=CALIBRATION_MS)
    live.part(hooks.CALIBRATION_CLOSE).get_by_role("button").click()
    expect(live.part(hooks.CALIBRATION)).to_have_count(0, timeout=TIMEOUT_MS)


def before(live: LivePage) -> None:
    live.agree()
    expect(live.part(hooks.SELF_REPORT)).to_be_visible(timeout=TIMEOUT_MS)


def recording(live: LivePage) -> None:
    """The camera is on, and somebody said how they felt before."""
    before(live)
    say_how_it_feels(live, valence=5, arousal=3)
    live.start()
    live.expect_mood("Happy")


def marked(live: LivePage) -> None:
    """A mark by key, another by button, and a note."""
    recording(live)
    live.page.keyboard.press("m")
    expect(entries(live)).to_have_count(1, timeout=TIMEOUT_MS)
    live.part(hooks.RECORD_ROW).locator(".emrs-record-mark").click()
    expect(entries(live)).to_have_count(2, timeout=TIMEOUT_MS)
    live.page.keyboard.press("n")
    live.page.keyboard.type(NOTE)
    live.page.keyboard.press("Enter")
    expect(entries(live)).to_have_count(3, timeout=TIMEOUT_MS)


def stopped(live: LivePage) -> None:
    """Long enough watched to be asked afterwards."""
    recording(live)
    live.expect_songs()
    live.page.wait_for_timeout(1000 * WATCHED_S)
    live.stop()
    expect(live.part(hooks.SELF_REPORT)).to_be_visible(timeout=TIMEOUT_MS)


def said(live: LivePage) -> None:
    stopped(live)
    say_how_it_feels(live, valence=8, arousal=4)
    expect(live.part(hooks.SAID)).to_be_visible(timeout=TIMEOUT_MS)


def menu(live: LivePage) -> None:
    recording(live)
    open_menu(live)


def _dot(live: LivePage) -> None:
    recording(live)
    calibrating(live)


def _asked(live: LivePage) -> None:
    menu(live)
    live.part(hooks.REPORT_NOW).get_by_role("button").click()
    close_menu(live)


def open_facts(live: LivePage) -> None:
    """The form behind the row that says what this session is."""
    open_menu(live)
    live.page.get_by_text("Study and participant").click()
    expect(live.part(hooks.FACTS_SAVE)).to_be_visible(timeout=TIMEOUT_MS)


def name_session(live: LivePage, study: str, participant: str = "") -> None:
    """Put the session into a study, under the code of somebody who agreed to it."""
    open_facts(live)
    form = live.page.get_by_test_id("stPopoverBody")
    form.get_by_role("textbox", name="Study").fill(study)
    if participant:
        form.get_by_role("textbox", name="Participant’s code").fill(participant)
        form.get_by_text("The participant has agreed").first.click()
    live.part(hooks.FACTS_SAVE).get_by_role("button").click()
    expect(live.page.get_by_test_id("stToast")).to_contain_text("Saved.", timeout=TIMEOUT_MS)


def _study(live: LivePage) -> None:
    recording(live)
    open_facts(live)


def phq2(live: LivePage) -> None:
    """A study asks its two questions."""
    people.ask_phq2(live)
    live.go_to("Live")
    before(live)
    say_how_it_feels(live, valence=5, arousal=3)
    name_session(live, people.PHQ2_STUDY)
    close_menu(live)
    expect(live.page.get_by_text(LEAD)).to_be_visible(timeout=TIMEOUT_MS)


def _neutral(live: LivePage) -> None:
    """The menu, once a neutral face is noted."""
    recording(live)
    calibrated(live)
    open_menu(live)
    expect(live.page.get_by_text("noted in this session")).to_be_visible(timeout=TIMEOUT_MS)


RECORD = (
    State("record-before", before, guest=False),
    State("record-marked", marked, guest=False),
    State("record-menu", menu, guest=False),
    State("record-study", _study, guest=False),
    State("record-dot", _dot, guest=False),
    State("record-asked", _asked, guest=False),
    State("record-said", said, guest=False),
    State("record-neutral", _neutral, guest=False),
    State("record-phq2", phq2, guest=False),
    State("record-guest", menu),
)
