"""The Timelines page in every state: empty, listed, searched, compared, opened, taken along, brought in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from emrs_core.errors import StoreUnavailable
from emrs_core.timeline.access.viewer import GUEST_ID as GUEST
from emrs_core.timeline.access.viewer import OWNER_ID as OWNER
from emrs_core.timeline.demo.keeping import DEMO_IDS
from emrs_core.timeline.memory_store import MemoryTimelineStore
from emrs_core.timeline.sessions import SessionInfo, SessionState
from emrs_core.timeline.store import KeptSessions
from emrs_core.types import Emotion
from emrs_core.ui import hooks, state
from emrs_core.ui.timeline import list_view
from emrs_core.ui.timeline.page import GONE
from tests.pages.harness import Dashboard
from tests.pages.timelines_use import NOW, ids, listed, open_session, press, store_of, told

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


def test_a_session_that_goes_on_is_marked_and_the_list_looks_again(
    page: Dashboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.open("Live").agree().press_start().see(Emotion.HAPPY, seconds=3)
    assert page.kept() is not None
    looks: list[float | None] = []
    plain = list_view.fragment
    monkeypatch.setattr(
        list_view, "fragment", lambda place, draw, run_every_s: looks.append(run_every_s) or plain(place, draw)
    )
    page.open("Timelines")
    (row,) = listed(page)
    assert row["badges"] == ["running"]
    assert row["who"] == "No participant"
    assert looks == [list_view.REFRESH_S]


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
    assert len(ids(press(demo, hooks.TIMELINES_BACK))) == len(DEMO_IDS)


# -- guests, and a store that is out of reach ------------------------------------------------------------------------


def test_a_guest_sees_the_visits_own_sessions_and_that_they_end_with_it(guest: Dashboard) -> None:
    assert "end with the visit" in guest.app.info[0].value
    assert "as long as this page is open" in guest.text()
    press(guest, hooks.DEMO_ADD)
    assert set(ids(guest)) == DEMO_IDS
    assert {summary.info.owner for summary in guest.visit().memory.list()} == {GUEST}
    assert not [path for path in guest.data_dir.rglob("*") if path.is_file()]


def test_a_database_out_of_reach_is_said_and_the_page_stands(page: Dashboard, monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(visit: object) -> KeptSessions:
        raise StoreUnavailable("The database does not answer.")

    monkeypatch.setattr(state, "sessions", unavailable)
    assert "The database does not answer." in told(page.run())
