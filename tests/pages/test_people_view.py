"""People and studies in every state: empty, made, changed, agreed, taken back, taken along, erased; and who sees it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from emrs_core.errors import StoreUnavailable
from emrs_core.testing.timeline import make_info, make_samples
from emrs_core.timeline.access import AccessibleSessions, Viewer
from emrs_core.timeline.events import Note
from emrs_core.timeline.export.person import participant_archive
from emrs_core.timeline.memory_store import MemoryTimelineStore
from emrs_core.timeline.recorder import RecorderState
from emrs_core.timeline.sessions import Participant, SessionFacts, SessionState, Study
from emrs_core.timeline.store import Consent, KeptSessions
from emrs_core.types import Emotion
from emrs_core.ui import hooks, state
from emrs_core.ui.timeline import people_view
from emrs_core.ui.timeline.page import PEOPLE
from emrs_core.ui.timeline.people.participants_view import code_field, known, table_html
from tests.pages.harness import Dashboard
from tests.waiting import wait_until

NOW = datetime.now(UTC).replace(microsecond=0)
EVIL = "<img src=x onerror=alert(1)>"


def store_of(page: Dashboard) -> KeptSessions:
    return state.sessions(page.visit())


def show(page: Dashboard) -> Dashboard:
    page.app.session_state[hooks.TIMELINES_VIEW] = PEOPLE
    return page.run()


def press(page: Dashboard, key: str) -> Dashboard:
    page.button(key).click()
    return page.run()


def choose(page: Dashboard, code: str) -> Dashboard:
    page.app.selectbox(key=hooks.PARTICIPANT).set_value(code)
    return page.run()


def told(page: Dashboard) -> str:
    return "\n".join(str(element.value) for kind in ("success", "error") for element in page.app.get(kind))


def code_field_of(page: Dashboard) -> Any:
    return page.app.text_input(key=code_field(page.visit().timelines))


def keep_session(store: KeptSessions, session_id: str, **facts: Any) -> None:
    info = make_info(id=session_id, **{"started_at": NOW - timedelta(days=1), **facts})
    store.begin(info)
    store.append(info.id, make_samples(80), [Note(t_s=1, text="a remark")])
    store.end(info.id, NOW)


@pytest.fixture
def page(dashboard: Dashboard) -> Dashboard:
    """The part with nothing in it."""
    return show(dashboard.run().open("Timelines"))


@pytest.fixture
def filled(page: Dashboard) -> Dashboard:
    """One study with a week's retention, two participants, of whom one agreed, and three sessions."""
    store = store_of(page)
    store.put_study(Study("Sleep", retention_days=7))
    keep_session(store, "old", participant="P-ONE", study="Sleep", started_at=NOW - timedelta(days=30))
    keep_session(store, "new", participant="P-ONE", study="Sleep")
    keep_session(store, "loose", study="Somewhere else")
    store.put_participant(Participant("P-ONE", ("calm",), ("left-handed",)))
    store.put_participant(Participant("P-TWO"))
    store.put_consent(Consent("P-ONE", "form 1", NOW - timedelta(days=31)))
    return page.run()


def test_nothing_there_yet_is_explained(page: Dashboard) -> None:
    text = page.text()
    assert "No participants yet" in text
    assert "never by name" in text
    assert "No studies yet" in text


def test_a_guest_is_told_why_there_is_nothing(dashboard: Dashboard) -> None:
    dashboard.environment(EMRS_MODE="hosted")
    text = show(dashboard.run().open("Timelines")).text()
    assert people_view.NOT_FOR_GUESTS in text
    assert "No studies yet" not in text
    assert not dashboard.has_button(hooks.PARTICIPANT_MAKE)


def test_a_person_is_told_who_looks_after_it_and_a_reviewer_does(page: Dashboard) -> None:
    page.visit().viewer = Viewer.person("issuer", "someone")
    assert not people_view.looks_after_people(page.visit().viewer)
    assert people_view.looks_after_people(Viewer.person("issuer", "someone", reviewer=True))
    assert people_view.looks_after_people(Viewer.owner())


# -- studies ---------------------------------------------------------------------------------------------------------


def test_a_study_is_made_with_retention_and_phq2(page: Dashboard) -> None:
    page.app.text_input(key="study-at-new-name").set_value(" Rest ")
    page.app.toggle(key="study-at-new-limited").set_value(True)
    page.app.number_input(key="study-at-new-days").set_value(30)
    page.app.toggle(key="study-at-new-phq2").set_value(True)
    press(page, "study-at-new-save")
    assert store_of(page).studies() == (Study("Rest", 30, phq2=True),)
    assert "The study Rest is there" in told(page)
    assert "kept 30 days" in page.text()
    assert "PHQ-2" in page.text()


@pytest.mark.parametrize(("name", "reason"), [("", "needs a name"), ("Sleep", "is there already")])
def test_a_study_that_cannot_be_is_refused(filled: Dashboard, name: str, reason: str) -> None:
    filled.app.text_input(key="study-at-new-name").set_value(name)
    press(filled, "study-at-new-save")
    assert reason in told(filled)
    assert store_of(filled).studies() == (Study("Sleep", 7),)


def test_what_retention_does_is_said_and_can_be_done_at_once(filled: Dashboard) -> None:
    text = filled.text()
    assert "2 sessions, 1 participant · kept 7 days" in text
    assert "1 session over, erased at the next start" in text
    assert "the next one goes on" in text
    assert "Somewhere else" in text  # a name without rules
    press(filled, "study-at-0-retire")
    assert "Erased for good: 1 session." in told(filled)
    assert {summary.info.id for summary in store_of(filled).list()} == {"new", "loose"}
    assert not filled.has_button("study-at-0-retire")


def test_a_study_is_renamed_with_its_sessions(filled: Dashboard) -> None:
    filled.app.text_input(key="study-at-0-name").set_value("Rest")
    filled.app.toggle(key="study-at-0-limited").set_value(False)
    press(filled, "study-at-0-save")
    assert store_of(filled).studies() == (Study("Rest"),)
    assert store_of(filled).info("new").study == "Rest"
    assert "2 sessions moved along" in told(filled)


def test_only_an_empty_study_can_be_deleted(filled: Dashboard) -> None:
    assert not filled.has_button("study-at-0-delete")
    store_of(filled).put_study(Study("Empty"))
    press(filled.run(), "study-at-0-delete")
    assert [study.name for study in store_of(filled).studies()] == ["Sleep"]


# -- participants ----------------------------------------------------------------------------------------------------


def test_a_participant_gets_a_code_that_says_nothing(page: Dashboard) -> None:
    code = code_field_of(page).value
    assert re.fullmatch(r"P-[2-9B-DF-HJ-NP-TV-XZ]{5}", code)
    press(page, hooks.PARTICIPANT_DRAW)
    another = code_field_of(page).value
    assert another != code
    press(page, hooks.PARTICIPANT_MAKE)
    assert store_of(page).participants() == (Participant(another),)
    assert page.app.selectbox(key=hooks.PARTICIPANT).value == another
    assert "Nothing is on record" in page.text()
    assert code_field_of(page).value != another


def test_a_telling_code_is_warned_of(page: Dashboard) -> None:
    code_field_of(page).set_value("Anna Muster")
    assert "looks like a name" in page.run().text()


def test_a_code_that_is_taken_is_refused(filled: Dashboard) -> None:
    code_field_of(filled).set_value("P-ONE")
    press(filled, hooks.PARTICIPANT_MAKE)
    assert "is there already" in told(filled)
    assert len(store_of(filled).participants()) == 2


def test_the_table_says_who_agreed_and_nothing_in_it_runs() -> None:
    store = MemoryTimelineStore()
    store.put_participant(Participant(EVIL, (EVIL,)))
    store.put_participant(Participant("P2"))
    store.put_consent(Consent("P2", "v1", NOW))
    store.put_consent(Consent("P3", "v1", NOW))
    store.withdraw_consent("P3", NOW)
    store.begin(make_info(participant="P4"))
    found = known(store, store.list())
    assert [(one.person.code, one.standing, one.sessions) for one in found] == [
        (EVIL, "none on record", 0),
        ("P2", "v1", 0),
        ("P4", "none on record", 1),
    ]
    html = table_html(found)
    assert "<img" not in html
    assert html.count("emrs-lacking") == 2


def test_conditions_and_tags_are_saved(filled: Dashboard) -> None:
    choose(filled, "P-ONE")
    filled.app.multiselect(key="participant-P-ONE-conditions").set_value([])
    press(filled, hooks.PARTICIPANT_SAVE)
    assert Participant("P-ONE", (), ("left-handed",)) in store_of(filled).participants()


def test_an_agreement_is_recorded_and_taken_back(filled: Dashboard) -> None:
    choose(filled, "P-TWO")
    assert "Nothing is on record" in filled.text()
    assert not filled.has_button(hooks.CONSENT_BACK_SURE)
    filled.app.text_input(key=hooks.CONSENT_VERSION).set_value("form 2")
    press(filled, hooks.CONSENT_SAVE)
    (consent,) = store_of(filled).consents("P-TWO")
    assert consent.version == "form 2"
    assert abs(consent.at - datetime.now(UTC)) < timedelta(minutes=2)
    assert "agreed to on" in filled.text()
    press(filled, hooks.CONSENT_BACK_SURE)
    assert store_of(filled).consents("P-TWO")[0].withdrawn_at is not None
    assert "taken back on" in filled.text()
    assert not filled.has_button(hooks.CONSENT_BACK_SURE)


def test_an_agreement_to_nothing_is_refused(filled: Dashboard) -> None:
    choose(filled, "P-TWO")
    filled.app.text_input(key=hooks.CONSENT_VERSION).set_value(" ")
    press(filled, hooks.CONSENT_SAVE)
    assert "needs the version" in told(filled)
    assert store_of(filled).consents("P-TWO") == ()


def test_taking_the_agreement_back_ends_the_live_recording(filled: Dashboard) -> None:
    filled.open("Live").agree().press_start().see(Emotion.HAPPY, seconds=3)
    kept = filled.kept()
    assert kept is not None
    store_of(filled).describe(kept.info.id, SessionFacts(participant="P-ONE"))
    choose(show(filled.open("Timelines")), "P-ONE")
    press(filled, hooks.CONSENT_BACK_SURE)
    filled.see(Emotion.SAD, seconds=3)
    wait_until(lambda: store_of(filled).info(kept.info.id).state is SessionState.ENDED)
    status = filled.visit().keep.status
    assert status is not None
    assert status.state is RecorderState.ENDED
    assert len(store_of(filled).read(kept.info.id).samples) == len(kept.samples)
    assert "took the agreement back" in filled.open("Your data").text()


def test_everything_of_a_participant_goes_out(filled: Dashboard) -> None:
    choose(filled, "P-ONE")
    assert "2 sessions" in filled.text()
    button = next(one for one in filled.app.get("download_button") if one.key == hooks.PARTICIPANT_EXPORT)
    assert button.proto.label == "Take everything along (ZIP)"
    with zipfile.ZipFile(io.BytesIO(participant_archive(store_of(filled).export_all("P-ONE")))) as archive:
        record = json.loads(archive.read("participant.json"))
    assert record["sessions"] == ["old", "new"]


def test_erasing_wants_the_code_and_reports_what_went(filled: Dashboard) -> None:
    choose(filled, "P-ONE")
    assert filled.button(hooks.PARTICIPANT_SURE).disabled
    filled.app.text_input(key=hooks.PARTICIPANT_CONFIRM).set_value("P-TWO")
    assert filled.run().button(hooks.PARTICIPANT_SURE).disabled
    filled.app.text_input(key=hooks.PARTICIPANT_CONFIRM).set_value("P-ONE")
    press(filled.run(), hooks.PARTICIPANT_SURE)
    assert "Erased P-ONE: 2 sessions of 0 minutes with 160 readings, 1 agreement, the record." in told(filled)
    assert {summary.info.id for summary in store_of(filled).list()} == {"loose"}
    assert filled.app.selectbox(key=hooks.PARTICIPANT).value is None
    data = b"".join(path.read_bytes() for path in filled.data_dir.glob("sessions.db*"))
    assert b"P-ONE" not in data


def test_trouble_with_the_database_is_told_and_nothing_is_lost(
    filled: Dashboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> int:
        raise StoreUnavailable("The database is locked.")

    choose(filled, "P-ONE")
    filled.app.text_input(key=hooks.PARTICIPANT_CONFIRM).set_value("P-ONE")
    monkeypatch.setattr(AccessibleSessions, "erase_all", locked)
    press(filled.run(), hooks.PARTICIPANT_SURE)
    assert "The database is locked." in told(filled)
    assert len(store_of(filled).list()) == 3
