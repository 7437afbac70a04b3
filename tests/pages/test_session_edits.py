"""Putting one kept session right: added, amended, taken away and brought back, with its history."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from emrs_core.errors import StoreUnavailable
from emrs_core.testing.timeline import NOON, make_info, make_samples
from emrs_core.timeline.access.sessions import AccessibleSessions
from emrs_core.timeline.events import (
    Amended,
    Baseline,
    Excluded,
    Marker,
    Note,
    Phq2,
    ReportMoment,
    SelfReport,
    SettingsRecorded,
    Withdrawn,
)
from emrs_core.timeline.intervals import Span
from emrs_core.timeline.review import current
from emrs_core.timeline.statistics.baseline import baseline_of
from emrs_core.ui import hooks, state
from emrs_core.ui.timeline.session.controls import NO_EARLIER
from tests.pages.harness import Dashboard
from tests.pages.review_use import chart, choose, fill, keep, kept, lane, press


@pytest.fixture
def page(dashboard: Dashboard) -> Dashboard:
    return dashboard.run()


def test_a_marker_is_added(page: Dashboard) -> None:
    session_id = keep(page, make_samples(80))
    fill(page, f"{hooks.SESSION_ADD}-Marker", "-at", "0:02.5")
    fill(page, f"{hooks.SESSION_ADD}-Marker", "-text", " chorus ")
    press(page, f"{hooks.SESSION_ADD}-Marker")
    (event,) = kept(page, session_id).events
    assert isinstance(event, Marker)
    assert (event.t_s, event.label) == (2.5, "chorus")
    assert lane(page, "markers")[0]["text"] == "chorus"


def test_what_is_being_typed_stays_while_one_zooms_and_the_next_form_is_empty(page: Dashboard) -> None:
    """A browser keeps what is typed in a field as long as that is the same field."""
    keep(page, make_samples(80))

    def field(end: str) -> Any:
        keys = [f for f in page.app.text_input if f.key and f.key.startswith(hooks.SESSION_ADD) and f.key.endswith(end)]
        return keys[0]

    name, moment = field("-text").id, field("-at").id
    page.visit().review.go_to(Span(2, 4))
    page.run()
    assert field("-text").id == name
    assert field("-at").id != moment
    assert field("-at").value == "0:03.0"
    field("-text").input("chorus")
    press(page, f"{hooks.SESSION_ADD}-Marker")
    assert field("-text").id != name
    assert field("-text").value == ""


def test_taking_a_correction_back_shows_the_first_words_again(page: Dashboard) -> None:
    marker = Marker(t_s=2, label="first")
    keep(page, make_samples(80), [marker])
    choose(page, marker)
    fill(page, f"{hooks.SESSION_CHOSEN}-{marker.id}", "-text", "second")
    press(page, f"{hooks.SESSION_CHOSEN}-{marker.id}")
    (undo,) = [b for b in page.app.button if b.key and b.key.startswith(f"{hooks.SESSION_HISTORY}-")]
    undo.click()
    page.run()
    assert "first" in [f.value for f in page.app.text_input]


def test_a_note_and_a_stretch_to_leave_out_are_added(page: Dashboard) -> None:
    session_id = keep(page, make_samples(80))
    page.visit().review.go_to(Span(2, 4))
    for kind in ("Note", "Left-out stretch"):
        control = next(c for c in page.app.segmented_control if c.key == f"{hooks.SESSION_ADD}-kind")
        control.set_value(kind)
        page.run()
        fill(page, f"{hooks.SESSION_ADD}-{kind}", "-text", "phone rang")
        press(page, f"{hooks.SESSION_ADD}-{kind}")
    note, excluded = sorted(kept(page, session_id).events, key=lambda e: type(e).__name__, reverse=True)
    assert isinstance(note, Note)
    assert isinstance(excluded, Excluded)
    assert (excluded.t_s, excluded.until_s, excluded.reason) == (2, 4, "phone rang")
    assert note.t_s == 3


@pytest.mark.parametrize(("at", "name", "said"), [("soon", "x", "2:05"), ("0:01", "", "name"), ("9:00", "x", "within")])
def test_what_makes_no_sense_is_refused_in_words(page: Dashboard, at: str, name: str, said: str) -> None:
    session_id = keep(page, make_samples(80))
    fill(page, f"{hooks.SESSION_ADD}-Marker", "-at", at)
    fill(page, f"{hooks.SESSION_ADD}-Marker", "-text", name)
    press(page, f"{hooks.SESSION_ADD}-Marker")
    assert said in page.text()
    assert kept(page, session_id).events == ()


def test_a_mark_is_put_right_and_its_history_stays(page: Dashboard) -> None:
    marker = Marker(t_s=2, label="corus")
    session_id = keep(page, make_samples(80), [marker])
    choose(page, marker)
    fill(page, f"{hooks.SESSION_CHOSEN}-{marker.id}", "-text", "chorus")
    press(page, f"{hooks.SESSION_CHOSEN}-{marker.id}")
    events = kept(page, session_id).events
    assert marker in events
    assert isinstance(next(e for e in events if e != marker), Amended)
    assert lane(page, "markers")[0]["text"] == "chorus"
    assert "Put right" in page.text()
    assert "“<bdi>corus</bdi>”" in page.text()


def test_a_mark_is_taken_away_and_brought_back(page: Dashboard) -> None:
    note = Note(t_s=2, text="hello")
    session_id = keep(page, make_samples(80), [note])
    choose(page, note)
    press(page, hooks.SESSION_WITHDRAW)
    (gone,) = [e for e in kept(page, session_id).events if isinstance(e, Withdrawn)]
    assert lane(page, "notes") == []
    press(page, f"{hooks.SESSION_HISTORY}-{gone.id}")
    assert lane(page, "notes")[0]["text"] == "hello"
    assert current(kept(page, session_id)).events == (note,)
    assert "Took an edit back" in page.text()


def test_a_self_report_can_be_put_right(page: Dashboard) -> None:
    report = SelfReport(t_s=1, moment=ReportMoment.BEFORE, valence=5, arousal=5)
    session_id = keep(page, make_samples(80), [report])
    choose(page, report)
    sliders = [s for s in page.app.slider if s.key and s.key.endswith("-valence")]
    sliders[0].set_value(8)
    press(page, f"{hooks.SESSION_CHOSEN}-{report.id}")
    (now,) = current(kept(page, session_id)).events
    assert isinstance(now, SelfReport)
    assert (now.valence, now.arousal, now.moment) == (8, 5, ReportMoment.BEFORE)


NEUTRAL = Baseline(t_s=5, until_s=15, probabilities=(0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.4), looks=60)
SOURCE = SettingsRecorded(t_s=0, model_name="m", model_sha256="a" * 64, app_version="1")


def test_the_participants_earlier_neutral_face_is_taken_over_and_taken_away(page: Dashboard) -> None:
    store = state.sessions(page.visit())
    before = replace(make_info(id="before", participant="P07"), started_at=NOON - timedelta(days=1))
    store.begin(before)
    store.append("before", (), [replace(SOURCE, id="other"), NEUTRAL])
    session_id = keep(page, make_samples(80), [SOURCE], participant="P07")
    assert not page.app.toggle
    press(page, hooks.SESSION_EARLIER)
    taken = baseline_of(kept(page, session_id))
    assert taken is not None
    assert (taken.probabilities, taken.t_s) == (NEUTRAL.probabilities, 5 - 86_400)
    assert [toggle.key for toggle in page.app.toggle] == [hooks.SESSION_BASELINE]
    assert chart(page)["whole"][0] >= 0
    choose(page, taken)
    assert "Neutral face from an earlier session" in page.text()
    press(page, hooks.SESSION_WITHDRAW)
    assert baseline_of(kept(page, session_id)) is None


def test_without_an_earlier_neutral_face_that_is_said(page: Dashboard) -> None:
    session_id = keep(page, make_samples(80), [SOURCE], participant="P07")
    press(page, hooks.SESSION_EARLIER)
    assert [toast.value for toast in page.app.toast] == [NO_EARLIER]
    assert kept(page, session_id).events == (SOURCE,)
    keep(page, make_samples(80), [replace(SOURCE, id="nobody")], id="without")
    assert not page.has_button(hooks.SESSION_EARLIER)


def test_the_two_questions_are_shown_in_words_and_can_be_taken_away(page: Dashboard) -> None:
    answers = Phq2(t_s=3, interest=1, mood=0)
    session_id = keep(page, make_samples(80), [answers])
    assert "little interest or pleasure" in page.text()
    assert "Several days" in page.text()
    assert "no score" in page.text()
    choose(page, answers)
    press(page, hooks.SESSION_WITHDRAW)
    assert current(kept(page, session_id)).events == ()
    assert "little interest or pleasure" not in page.text()


def test_a_store_that_fails_says_so_beside_the_form(page: Dashboard, monkeypatch: pytest.MonkeyPatch) -> None:
    session_id = keep(page, make_samples(80))

    def full(*arguments: Any) -> None:
        raise StoreUnavailable("The disk is full. Make room, then try again.")

    monkeypatch.setattr(AccessibleSessions, "append", full)
    fill(page, f"{hooks.SESSION_ADD}-Marker", "-text", "x")
    press(page, f"{hooks.SESSION_ADD}-Marker")
    assert "The disk is full" in page.text()
    assert kept(page, session_id).events == ()
