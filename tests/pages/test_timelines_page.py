"""The Timelines page in every state: empty, listed, searched, compared, opened, taken along, brought in."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from emrs_core.bootstrap import build_catalogue
from emrs_core.errors import StoreUnavailable
from emrs_core.timeline.access.viewer import GUEST_ID as GUEST
from emrs_core.timeline.access.viewer import OWNER_ID as OWNER
from emrs_core.timeline.demo.keeping import DEMO_IDS, add_demo
from emrs_core.timeline.export.bundle import bundle
from emrs_core.timeline.export.files import ExportFormat
from emrs_core.timeline.memory_store import MemoryTimelineStore
from emrs_core.timeline.sessions import SessionInfo, SessionState
from emrs_core.timeline.store import KeptSessions
from emrs_core.types import Emotion
from emrs_core.ui import hooks, state
from emrs_core.ui.timeline import compare_view, files_view, import_view, list_view
from emrs_core.ui.timeline.page import COMPARE, GONE
from tests.pages.harness import Dashboard

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@dataclass
class Upload:
    name: str
    data: bytes

    def getvalue(self) -> bytes:
        return self.data


@pytest.fixture
def page(dashboard: Dashboard) -> Dashboard:
    return dashboard.run().open("Timelines")


@pytest.fixture
def demo(page: Dashboard) -> Dashboard:
    add_demo(store_of(page), build_catalogue().tracks(), NOW, OWNER)
    return page.run()


@pytest.fixture
def guest(dashboard: Dashboard) -> Dashboard:
    dashboard.environment(EMRS_MODE="hosted")
    return dashboard.run().open("Timelines")


def store_of(page: Dashboard) -> KeptSessions:
    return state.sessions(page.visit())


def listed(page: Dashboard) -> list[dict[str, Any]]:
    part = page.part("sessions")
    return [] if part is None else part["rows"]


def ids(page: Dashboard) -> list[str]:
    return [row["id"] for row in listed(page)]


def tick(page: Dashboard, *session_ids: str) -> Dashboard:
    list_view.tick(page.visit().timelines, {"ids": list(session_ids), "on": True})
    return page.run()


def open_session(page: Dashboard, session_id: str) -> Dashboard:
    page.app.query_params[list_view.PARAMETER] = session_id
    return page.run()


def press(page: Dashboard, key: str) -> Dashboard:
    page.button(key).click()
    return page.run()


def told(page: Dashboard) -> str:
    return "\n".join(str(element.value) for kind in ("success", "error") for element in page.app.get(kind))


# -- empty, and the demo data ----------------------------------------------------------------------------------------


def test_nothing_kept_yet_is_explained_and_the_demo_data_are_one_click_away(page: Dashboard) -> None:
    text = page.text()
    assert "No sessions yet" in text
    assert "kept on this machine" in text
    assert listed(page) == []
    press(page, hooks.DEMO_ADD)
    assert "8 synthetic sessions of 3 made-up participants are there." in told(page)
    assert set(ids(page)) == DEMO_IDS
    assert all("synthetic" in row["badges"] for row in listed(page))
    assert "8 of these sessions are demo data" in page.text()


def test_one_click_takes_the_demo_data_out_again_and_nothing_else(demo: Dashboard) -> None:
    store_of(demo).begin(SessionInfo("mine", OWNER, NOW, SessionState.ENDED, participant="DEMO-A"))
    press(demo.run(), hooks.DEMO_REMOVE)
    assert "8 synthetic sessions" in told(demo)
    assert ids(demo) == ["mine"]
    assert demo.has_button(hooks.DEMO_ADD)


# -- the list --------------------------------------------------------------------------------------------------------


def test_a_row_says_what_a_researcher_looks_for(demo: Dashboard) -> None:
    rows = listed(demo)
    assert ids(demo) == [f"demo-{number}" for number in range(8, 0, -1)]  # the newest first
    newest, third = rows[0], rows[2]
    assert newest["badges"] == ["interrupted", "synthetic"]
    assert third["badges"] == ["synthetic"]
    assert newest["when"] == "31 May 2026, 17:35 UTC"
    assert newest["who"] == "DEMO-C"
    assert newest["about"].startswith("Demo study (synthetic) · stay")
    assert newest["tags"] == []  # the badge says it already
    assert newest["length"].startswith(("7:5", "8:0"))
    assert newest["face"].endswith(" %")
    assert newest["songs"] >= 2
    assert 20 <= len(newest["spark"]) <= 60
    assert "on average" in newest["valence"]


def test_a_session_that_goes_on_is_marked_and_the_list_looks_again(page: Dashboard) -> None:
    page.open("Live").agree().press_start().see(Emotion.HAPPY, seconds=3)
    assert page.kept() is not None
    page.open("Timelines")
    (row,) = listed(page)
    assert row["badges"] == ["running"]
    assert row["who"] == "No participant"
    assert list_view.any_running(store_of(page))


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        (hooks.SESSIONS_PARTICIPANT, "DEMO-B", {"demo-4", "demo-5", "demo-6"}),
        (hooks.SESSIONS_CONDITION, "guide", {"demo-1", "demo-2", "demo-4", "demo-6"}),
        (hooks.SESSIONS_STUDY, "Demo study (synthetic)", DEMO_IDS),
        (hooks.SESSIONS_TAG, "synthetic", DEMO_IDS),
    ],
)
def test_filters_offer_what_there_is_and_find_it(demo: Dashboard, key: str, value: str, found: set[str]) -> None:
    store_of(demo).begin(SessionInfo("mine", OWNER, NOW, SessionState.ENDED))
    demo.run()
    demo.app.selectbox(key=key).select(value)
    assert set(ids(demo.run())) == found
    assert demo.has_button(hooks.SESSIONS_CLEAR)
    assert set(ids(press(demo, hooks.SESSIONS_CLEAR))) == DEMO_IDS | {"mine"}


def test_search_dates_and_kind_narrow_the_list(demo: Dashboard) -> None:
    store_of(demo).begin(SessionInfo("mine", OWNER, NOW, SessionState.ENDED, title="Rainy evening"))
    demo.run().app.text_input(key=hooks.SESSIONS_TEXT).set_value("rainy")
    assert ids(demo.run()) == ["mine"]
    demo.app.text_input(key=hooks.SESSIONS_TEXT).set_value("")
    demo.app.date_input(key=hooks.SESSIONS_SINCE).set_value((NOW - timedelta(days=3)).date())
    demo.app.date_input(key=hooks.SESSIONS_UNTIL).set_value((NOW - timedelta(days=1)).date())
    assert set(ids(demo.run())) == {"demo-7", "demo-8"}
    press(demo, hooks.SESSIONS_CLEAR)
    demo.app.segmented_control(key=hooks.SESSIONS_KIND).set_value("recorded")
    assert ids(demo.run()) == ["mine"]


def test_a_search_that_finds_nothing_says_so(demo: Dashboard) -> None:
    demo.app.text_input(key=hooks.SESSIONS_TEXT).set_value("nowhere")
    assert list_view.NOTHING_FOUND in demo.run().text()
    assert listed(demo) == []


def test_a_thousand_sessions_come_a_page_at_a_time(page: Dashboard, monkeypatch: pytest.MonkeyPatch) -> None:
    store = MemoryTimelineStore()  # in memory, since a thousand writes to a file take long
    for number in range(1000):
        begun = NOW + timedelta(minutes=number)
        store.begin(SessionInfo(f"s{number}", OWNER, begun, SessionState.ENDED, participant="P1"))
    monkeypatch.setattr(state, "sessions", lambda visit: store)
    page.run()
    assert ids(page) == [f"s{number}" for number in range(999, 999 - list_view.PAGE_ROWS, -1)]
    assert "1–25 of 1,000" in page.text()
    assert "26–50 of 1,000" in press(page, hooks.SESSIONS_OLDER).text()
    assert ids(page)[0] == "s974"
    page.app.text_input(key=hooks.SESSIONS_TEXT).set_value("p1")  # another search begins at its first page
    assert ids(page.run())[0] == "s999"


# -- several sessions ------------------------------------------------------------------------------------------------


def test_ticked_sessions_can_be_taken_along_in_one_file(demo: Dashboard) -> None:
    assert "Tick some" in demo.text()
    tick(demo, "demo-1", "demo-2")
    assert "2 sessions ticked" in demo.text()
    (button,) = demo.app.get("download_button")
    assert button.proto.label == "Download emrs-2-sessions-csv.zip"
    packed = bundle(store_of(demo).read, ("demo-1", "demo-2"), ExportFormat.CSV)
    names = zipfile.ZipFile(io.BytesIO(packed)).namelist()
    assert {"demo-1-samples.csv", "demo-2-events.csv", "demo-1-dictionary.csv"} <= set(names)
    demo.app.segmented_control(key=hooks.SESSIONS_FORMAT).set_value(ExportFormat.JSON)
    demo.run()
    list_view.tick(demo.visit().timelines, {"ids": ["demo-2"], "on": False})
    (button,) = demo.run().app.get("download_button")
    assert button.proto.label == "Download demo-1.json"


def test_ticks_stay_while_one_looks_elsewhere_and_go_with_their_session(demo: Dashboard) -> None:
    tick(demo, "demo-1", "demo-2")
    demo.open("Live").open("Timelines")
    part = demo.part("sessions")
    assert part is not None
    assert set(part["ticked"]) == {"demo-1", "demo-2"}
    store_of(demo).delete("demo-1")
    assert "1 session ticked" in demo.run().text()
    assert "Tick some" in press(demo, hooks.SESSIONS_NONE).text()


def test_deleting_asks_first_and_is_for_good(demo: Dashboard) -> None:
    tick(demo, "demo-1", "demo-2")
    assert files_view.FOR_GOOD in demo.text()
    press(demo, hooks.SESSIONS_SURE)
    assert "Deleted: 2 sessions." in told(demo)
    assert set(ids(demo)) == DEMO_IDS - {"demo-1", "demo-2"}


def test_the_session_of_this_very_visit_is_kept_no_more_when_it_is_deleted(page: Dashboard) -> None:
    page.open("Live").agree().press_start().see(Emotion.HAPPY, seconds=3)
    timeline = page.kept()
    assert timeline is not None
    tick(page.open("Timelines"), timeline.info.id)
    press(page, hooks.SESSIONS_SURE)
    assert page.visit().keep.declined
    assert page.visit().keep.session_id is None


def test_a_session_that_runs_elsewhere_is_not_deleted(page: Dashboard) -> None:
    store_of(page).begin(SessionInfo("elsewhere", OWNER, datetime.now(UTC)))
    tick(page.run(), "elsewhere")
    press(page, hooks.SESSIONS_SURE)
    assert files_view.STILL_RUNS in told(page)
    assert ids(page) == ["elsewhere"]


def test_two_sessions_are_laid_over_each_other_with_their_figures(demo: Dashboard) -> None:
    tick(demo, "demo-1", "demo-3")
    press(demo, hooks.SESSIONS_COMPARE)
    chart = demo.part("chart")
    assert chart is not None
    first, second = chart["figure"]["data"]
    assert first["name"].startswith("DEMO-A · ")
    assert None in second["y"] or None in first["y"]  # unread time stays open
    assert max(first["x"]) > 13
    assert "Valence" in chart["figure"]["layout"]["yaxis"]["title"]["text"]
    demo.app.selectbox(key=hooks.COMPARED_QUANTITY).select(Emotion.HAPPY)
    chart = demo.run().part("chart")
    assert chart is not None
    assert chart["figure"]["layout"]["yaxis"]["title"]["text"] == "Happy (%)"
    for _ in range(20):
        if "Difference" in demo.text():
            break
        demo.run()
    assert "Valence, mean" in demo.text()
    assert compare_view.NOTE in demo.text()


def test_one_session_alone_cannot_be_compared(demo: Dashboard) -> None:
    tick(demo, "demo-1")
    assert demo.button(hooks.SESSIONS_COMPARE).disabled
    demo.app.segmented_control(key=hooks.TIMELINES_VIEW).set_value(COMPARE)
    assert compare_view.TOO_FEW in demo.run().text()
    demo.app.multiselect(key=hooks.COMPARED_SESSIONS).set_value(["demo-1", "demo-2", "demo-3"])
    chart = demo.run().part("chart")
    assert chart is not None
    assert len(chart["figure"]["data"]) == 3
    assert set(demo.visit().timelines.ticked) == {"demo-1", "demo-2", "demo-3"}


# -- one session -----------------------------------------------------------------------------------------------------


def test_the_address_opens_a_session(demo: Dashboard) -> None:
    text = open_session(demo, "demo-1").text()
    assert "DEMO-A" in text
    assert listed(demo) == []
    assert [button.proto.label for button in demo.app.get("download_button")] == ["Download demo-1-csv.zip"]
    press(demo, hooks.SESSIONS_SURE)
    assert "Deleted: 1 session." in told(demo)
    assert "demo-1" not in ids(demo)


@pytest.mark.parametrize("session_id", ["nowhere", "../../etc/passwd", "<b>x</b>"])
def test_an_address_of_nothing_says_so(demo: Dashboard, session_id: str) -> None:
    text = open_session(demo, session_id).text()
    assert GONE in text
    assert "All sessions" in [link.proto.label for link in demo.app.get("page_link")]


# -- bringing in -----------------------------------------------------------------------------------------------------


def exported(page: Dashboard, session_id: str) -> bytes:
    return bundle(store_of(page).read, (session_id,), ExportFormat.JSON)


def test_what_was_exported_comes_in_again(demo: Dashboard) -> None:
    before = store_of(demo).read("demo-2")
    data = exported(demo, "demo-2")
    store_of(demo).delete("demo-2")
    demo.run().app.file_uploader(key=f"{hooks.SESSIONS_FILES}0").set_value(("demo-2.json", data, "application/json"))
    press(demo.run(), hooks.SESSIONS_BRING)
    assert "the session of DEMO" in told(demo)
    assert "demo-2" in ids(demo)
    after = store_of(demo).read("demo-2")
    assert after.events == before.events
    assert replace(after.info, owner="") == replace(before.info, owner="")


def test_bad_files_are_told_one_by_one_and_nothing_of_them_stays(demo: Dashboard) -> None:
    good = json.loads(exported(demo, "demo-1"))
    store_of(demo).delete("demo-1")
    newer = json.dumps({**good, "version": 99}).encode()
    files = [Upload("old.json", newer), Upload("cut.json", exported(demo, "demo-2")[:5000]), Upload("*x*.json", b"[]")]
    outcome = import_view.bring_in(demo.visit(), store_of(demo), [*files, Upload("2.json", exported(demo, "demo-2"))])
    assert outcome.done == ()
    assert "format version 99" in outcome.failed[0]
    assert "this is not JSON" in outcome.failed[1]
    assert outcome.failed[2].startswith(r"**\*x\*.json**")
    assert "is there already" in outcome.failed[3]
    assert set(ids(demo.run())) == DEMO_IDS - {"demo-1"}


# -- guests, and a store that is out of reach ------------------------------------------------------------------------


def test_a_guest_sees_the_visits_own_sessions_and_that_they_end_with_it(guest: Dashboard) -> None:
    assert "end with the visit" in guest.app.info[0].value
    assert "as long as this page is open" in guest.text()
    press(guest, hooks.DEMO_ADD)
    assert set(ids(guest)) == DEMO_IDS
    assert {summary.info.owner for summary in guest.visit().memory.list()} == {GUEST}
    assert not [path for path in guest.data_dir.rglob("*") if path.is_file()]


def test_a_guest_brings_in_a_few_sessions_at_most(guest: Dashboard) -> None:
    for number in range(import_view.GUEST_SESSIONS):
        guest.visit().memory.begin(SessionInfo(f"s{number}", GUEST, NOW))
    outcome = import_view.bring_in(guest.visit(), guest.visit().memory, [Upload("one.json", b"{}")])
    assert import_view.FULL in outcome.failed[0]


def test_a_database_out_of_reach_is_said_and_the_page_stands(page: Dashboard, monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(visit: object) -> KeptSessions:
        raise StoreUnavailable("The database does not answer.")

    monkeypatch.setattr(state, "sessions", unavailable)
    assert "The database does not answer." in told(page.run())
