"""Sessions are put into a study, under a code, into a condition, afterwards."""

from __future__ import annotations

from emrs_core.testing.timeline import make_info
from emrs_core.timeline.sessions import Participant, SessionFacts, Study
from emrs_core.types import Emotion
from emrs_core.ui import hooks, state
from emrs_core.ui.timeline import list_view
from tests.pages.harness import Dashboard
from tests.waiting import wait_until


def tick(dashboard: Dashboard, *session_ids: str) -> None:
    list_view.tick(dashboard.visit().timelines, {"ids": list(session_ids), "on": True})
    dashboard.run()


def test_ticked_sessions_are_assigned(dashboard: Dashboard) -> None:
    store = state.sessions(dashboard.run().open("Timelines").visit())
    store.put_study(Study("Sleep"))
    store.put_participant(Participant("P-TWO", ("calm",)))
    for session_id in ("loose", "old", "new"):
        store.begin(make_info(id=session_id, study="Sleep", participant="P-ONE", tags=("a",)))
    tick(dashboard.run(), "loose", "old")
    dashboard.app.selectbox(key=hooks.ASSIGN_PARTICIPANT).set_value("P-TWO")
    dashboard.app.selectbox(key=hooks.ASSIGN_STUDY).set_value("None")
    dashboard.app.selectbox(key=hooks.ASSIGN_CONDITION).set_value("calm")
    dashboard.button(hooks.ASSIGN).click()
    dashboard.run()
    assert "Assigned: 2 sessions." in [str(element.value) for element in dashboard.app.success]
    for session_id in ("loose", "old"):
        assert store.info(session_id).facts == SessionFacts("", "P-TWO", "calm", ("a",))
    assert store.info("new").participant == "P-ONE"
    dashboard.button(hooks.ASSIGN).click()  # as it is: nothing changes
    dashboard.run()
    assert store.info("old").facts == SessionFacts("", "P-TWO", "calm", ("a",))


def test_the_session_that_is_being_recorded_is_assigned_too(dashboard: Dashboard) -> None:
    dashboard.run().agree().press_start().see(Emotion.HAPPY, seconds=3)
    kept = dashboard.kept()
    assert kept is not None
    store = state.sessions(dashboard.visit())
    store.put_participant(Participant("P-TWO"))
    tick(dashboard.open("Timelines"), kept.info.id)
    dashboard.app.selectbox(key=hooks.ASSIGN_PARTICIPANT).set_value("P-TWO")
    dashboard.button(hooks.ASSIGN).click()
    dashboard.run().see(Emotion.SAD, seconds=1)
    wait_until(lambda: store.info(kept.info.id).participant == "P-TWO")
