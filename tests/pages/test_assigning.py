"""Sessions are put into a study, under a code, into a condition, afterwards."""

from __future__ import annotations

import pytest

from emrs_core.errors import UsageError
from emrs_core.testing.timeline import NOON, make_info
from emrs_core.timeline.access import Viewer
from emrs_core.timeline.sessions import Participant, SessionFacts, Study
from emrs_core.timeline.store import Consent
from emrs_core.types import Emotion
from emrs_core.ui import hooks, resources, state
from emrs_core.ui.timeline import list_view
from emrs_core.ui.timeline.assign_view import OTHERS, Assignment, assign
from tests.pages.harness import Dashboard
from tests.waiting import wait_until

ROSA = {"is_logged_in": True, "iss": "https://id.example.org", "sub": "rosa", "name": "Rosa"}
ROSA_ID = Viewer.person(ROSA["iss"], "rosa").owner_id  # type: ignore[arg-type]
ADA_ID = Viewer.person(ROSA["iss"], "ada").owner_id  # type: ignore[arg-type]


def tick(dashboard: Dashboard, *session_ids: str) -> None:
    list_view.tick(dashboard.visit().timelines, {"ids": list(session_ids), "on": True})
    dashboard.run()


def test_ticked_sessions_are_assigned(dashboard: Dashboard) -> None:
    store = state.sessions(dashboard.run().open("Timelines").visit())
    store.put_study(Study("Sleep"))
    store.put_participant(Participant("P-TWO", ("calm",)))
    store.put_consent(Consent("P-TWO", "v1", NOON))
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
    store.put_consent(Consent("P-TWO", "v1", NOON))
    tick(dashboard.open("Timelines"), kept.info.id)
    dashboard.app.selectbox(key=hooks.ASSIGN_PARTICIPANT).set_value("P-TWO")
    dashboard.button(hooks.ASSIGN).click()
    dashboard.run().see(Emotion.SAD, seconds=1)
    wait_until(lambda: store.info(kept.info.id).participant == "P-TWO")


def test_nobody_is_named_who_did_not_agree(dashboard: Dashboard) -> None:
    store = state.sessions(dashboard.run().open("Timelines").visit())
    store.put_participant(Participant("P-TWO"))
    store.begin(make_info(id="old", participant="P-ONE"))
    tick(dashboard.run(), "old")
    dashboard.app.selectbox(key=hooks.ASSIGN_PARTICIPANT).set_value("P-TWO")
    dashboard.button(hooks.ASSIGN).click()
    dashboard.run()
    assert "No agreement of P\\-TWO stands" in dashboard.text()
    store.put_consent(Consent("P-TWO", "v1", NOON))
    store.withdraw_consent("P-TWO", NOON)
    dashboard.app.selectbox(key=hooks.ASSIGN_PARTICIPANT).set_value("P-TWO")
    dashboard.button(hooks.ASSIGN).click()
    dashboard.run()
    assert "No agreement of P\\-TWO stands" in dashboard.text()
    assert store.info("old").participant == "P-ONE"


def test_a_tag_is_added_and_taken_away(dashboard: Dashboard) -> None:
    store = state.sessions(dashboard.run().open("Timelines").visit())
    for session_id, tags in (("one", ("a", "b")), ("two", ("b", "c"))):
        store.begin(make_info(id=session_id, tags=tags))
    tick(dashboard.run(), "one", "two")
    assert dashboard.app.multiselect(key=hooks.ASSIGN_AWAY).options == ["a", "b", "c"]
    dashboard.app.multiselect(key=hooks.ASSIGN_AWAY).set_value(["b"])
    dashboard.app.multiselect(key=hooks.ASSIGN_TAGS).set_value(["c"])
    dashboard.button(hooks.ASSIGN).click()
    dashboard.run()
    assert (store.info("one").tags, store.info("two").tags) == (("a", "c"), ("c",))


def test_what_no_list_can_show_is_refused(dashboard: Dashboard) -> None:
    visit = dashboard.run().visit()
    store, info = state.sessions(visit), make_info()
    store.begin(info)
    with pytest.raises(UsageError, match="condition may have 120 characters"):
        assign(visit, store, [info], Assignment(condition="x" * 121))
    assert store.info(info.id) == info


def test_a_reviewer_names_condition_and_tags_of_others_sessions(dashboard: Dashboard) -> None:
    dashboard.environment(EMRS_MODE="hosted", EMRS_REVIEWERS="rosa")
    dashboard.app.user = dict(ROSA)
    dashboard.run().open("Timelines")
    whole = resources.load().open_sessions()
    whole.put_study(Study("Sleep"))
    whole.put_participant(Participant("P-ONE", ("guide",)))
    whole.begin(make_info(id="adas", owner=ADA_ID, study="Sleep", participant="P-ONE", tags=("a",)))
    whole.begin(make_info(id="own", owner=ROSA_ID))
    tick(dashboard.run(), "adas", "own")
    assert OTHERS in dashboard.text()
    offered = [box.key for box in dashboard.app.selectbox]
    assert hooks.ASSIGN_CONDITION in offered
    assert not {hooks.ASSIGN_STUDY, hooks.ASSIGN_PARTICIPANT} & set(offered)
    dashboard.app.selectbox(key=hooks.ASSIGN_CONDITION).set_value("guide")
    dashboard.button(hooks.ASSIGN).click()
    dashboard.run()
    assert "Assigned: 2 sessions." in [str(element.value) for element in dashboard.app.success]
    assert whole.info("adas").facts == SessionFacts("Sleep", "P-ONE", "guide", ("a",))
    assert whole.info("own").condition == "guide"
