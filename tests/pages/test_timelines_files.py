"""Kept sessions on the Timelines page: compared, taken along as files, deleted, brought in again."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

from emrs_core.timeline.access.viewer import GUEST_ID as GUEST
from emrs_core.timeline.access.viewer import OWNER_ID as OWNER
from emrs_core.timeline.demo.keeping import DEMO_IDS
from emrs_core.timeline.export.bundle import bundle
from emrs_core.timeline.export.files import ExportFormat
from emrs_core.timeline.sessions import SessionInfo
from emrs_core.types import Emotion
from emrs_core.ui import hooks
from emrs_core.ui.timeline import compare_view, files_view, import_view, list_view
from emrs_core.ui.timeline.page import COMPARE
from tests.pages.harness import Dashboard
from tests.pages.timelines_use import NOW, Upload, ids, press, store_of, tick, told

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
    assert first["name"].startswith("1: DEMO-A · ")
    assert [end["text"] for end in chart["figure"]["layout"]["annotations"]] == ["<b>1</b>", "<b>2</b>"]
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
    chart = demo.run().part("chart")  # the ticks that follow the choice do not reset it
    assert chart is not None
    assert len(chart["figure"]["data"]) == 3


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


def test_a_guest_brings_in_a_few_sessions_at_most(guest: Dashboard) -> None:
    for number in range(import_view.GUEST_SESSIONS):
        guest.visit().memory.begin(SessionInfo(f"s{number}", GUEST, NOW))
    outcome = import_view.bring_in(guest.visit(), guest.visit().memory, [Upload("one.json", b"{}")])
    assert import_view.FULL in outcome.failed[0]
