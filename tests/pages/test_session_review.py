"""One kept session on the page, in every state: its curves, lanes, thresholds, and the edits of a review."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from emrs_core.bootstrap import build_catalogue
from emrs_core.errors import StoreUnavailable
from emrs_core.testing.timeline import NOON, make_info, make_samples
from emrs_core.timeline.access.sessions import AccessibleSessions
from emrs_core.timeline.demo.keeping import add_demo
from emrs_core.timeline.events import (
    Amended,
    Event,
    Excluded,
    Marker,
    Note,
    ReportMoment,
    Sample,
    SelfReport,
    SongStarted,
    Withdrawn,
)
from emrs_core.timeline.intervals import Span
from emrs_core.timeline.review import current
from emrs_core.timeline.samples import Samples
from emrs_core.timeline.sessions import Timeline
from emrs_core.ui import hooks, state
from emrs_core.ui.timeline import session_view
from emrs_core.ui.timeline.session import chart_view
from emrs_core.ui.timeline.session.choice import Form, Threshold
from emrs_core.ui.timeline.session.opened import OpenSession
from tests.pages.harness import Dashboard

RIGHT_TO_LEFT = "\u202eمرحبا 🎧 <b>bold</b>"


@pytest.fixture
def page(dashboard: Dashboard) -> Dashboard:
    return dashboard.run()


def keep(
    page: Dashboard, samples: Samples | list[Sample] = (), events: Iterable[Event] = (), end: bool = True, **facts: Any
) -> str:
    """A session in the owner's store, open on the page."""
    store = state.sessions(page.visit())
    info = make_info(**facts)
    store.begin(info)
    store.append(info.id, samples, list(events))
    if end:
        store.end(info.id, NOON)
    return show(page, info.id)


def show(page: Dashboard, session_id: str) -> str:
    page.app.query_params["session"] = session_id
    page.open("Timelines")
    return session_id


def demo(page: Dashboard, session_id: str = "demo-1") -> str:
    add_demo(state.sessions(page.visit()), build_catalogue().tracks(), NOON)
    return show(page, session_id)


def chart(page: Dashboard) -> dict[str, Any]:
    part = page.part("timeline")
    assert part is not None
    return part


def lane(page: Dashboard, name: str) -> list[dict[str, Any]]:
    return next((lane["items"] for lane in chart(page)["lanes"] if lane["name"] == name), [])


def series(page: Dashboard, name: str) -> tuple[np.ndarray, np.ndarray]:
    trace = next(trace for trace in chart(page)["figure"]["data"] if trace["name"] == name)
    x, y = (np.frombuffer(base64.b64decode(trace[k]["bdata"]), f"<{trace[k]['dtype']}") for k in "xy")
    return x, y


def kept(page: Dashboard, session_id: str) -> Timeline:
    return state.sessions(page.visit()).read(session_id)


def fill(page: Dashboard, start: str, end: str, value: str) -> None:
    """The text field whose key begins and ends so."""
    fields = [*page.app.text_input, *page.app.text_area]
    (field,) = [f for f in fields if f.key and f.key.startswith(start) and f.key.endswith(end)]
    field.input(value)


def press(page: Dashboard, start: str, end: str = "") -> Dashboard:
    (button,) = [b for b in page.app.button if b.key and b.key.startswith(start) and b.key.endswith(end)]
    button.click()
    return page.run()


def choose(page: Dashboard, event: Event) -> Dashboard:
    page.visit().review.chosen = event.id
    return page.run()


# -- what is shown ---------------------------------------------------------------------------------------------------


def test_the_head_says_what_it_is_and_that_it_is_made_up(page: Dashboard) -> None:
    demo(page)
    text = page.text()
    assert "Synthetic session 1" in text
    assert "Made up by a random process" in text
    for fact in ("DEMO-A", "guide", "Demo study (synthetic)", "14:00"):
        assert fact in text


def test_the_figure_is_one_that_plotly_draws_in_every_form(page: Dashboard) -> None:
    demo(page)
    for less, form in ((False, Form.LINES), (False, Form.AREAS), (True, Form.LINES)):
        page.visit().review.less_baseline, page.visit().review.form = less, form
        data = chart_view.chart_data(OpenSession.read(state.sessions(page.visit()), "demo-1"), page.visit().review, ())
        go.Figure(data["figure"])
        assert len(data["figure"]["data"]) == (18 if less else 9)


def test_songs_marks_and_reports_lie_in_lanes(page: Dashboard) -> None:
    demo(page)
    names = [lane["name"] for lane in chart(page)["lanes"]]
    assert names == ["seen", "songs", "markers", "notes", "said", "excluded"]
    assert all(item["b"] > item["a"] for item in lane(page, "songs"))
    assert " – " in lane(page, "songs")[0]["text"]


def test_without_samples_it_says_so_and_shows_what_happened(page: Dashboard) -> None:
    keep(page, events=[Marker(t_s=3, label="door")])
    assert session_view.NO_SAMPLES in page.text()
    assert [item["text"] for item in lane(page, "markers")] == ["door"]


def test_without_a_readable_face_it_says_so(page: Dashboard) -> None:
    keep(page, [Sample(k / 8, "no_face", None, None, False) for k in range(40)])
    assert session_view.NO_FACE in page.text()
    assert {item["kind"] for item in lane(page, "seen")} == {"no_face"}


def test_gaps_are_gaps(page: Dashboard) -> None:
    keep(page, [*make_samples(80), *make_samples(80, 60.0)])
    t_s, valence = series(page, "Valence")
    in_gap = (t_s > 10) & (t_s < 60)
    assert in_gap.any()
    assert np.isnan(valence[in_gap]).all()
    assert all(item["b"] <= 10.01 or item["a"] >= 60 for item in lane(page, "seen"))


def test_when_all_is_left_out_it_says_so_and_still_shows_the_curves(page: Dashboard) -> None:
    keep(page, make_samples(80), [Excluded(t_s=0, until_s=30)])
    assert session_view.ALL_EXCLUDED in page.text()
    assert not np.isnan(series(page, "Valence")[1]).all()


def test_ten_thousand_markers_become_few_items_that_stand_for_all(page: Dashboard) -> None:
    keep(page, events=[Marker(t_s=k / 10, label=f"m{k}") for k in range(10_000)])
    items = lane(page, "markers")
    assert len(items) <= 241
    assert sum(item["n"] for item in items) == 10_000
    page.visit().review.view = Span(500.0, 501.0)
    page.run()
    assert [item["text"] for item in lane(page, "markers")] == [f"m{k}" for k in range(5_000, 5_011)]


def test_names_and_notes_in_every_script_arrive_as_they_are(page: Dashboard) -> None:
    song = SongStarted(t_s=1, track_id="t", title=RIGHT_TO_LEFT, artist="")
    keep(
        page,
        make_samples(80),
        [Note(t_s=2, text=RIGHT_TO_LEFT), song],
        title="*Größe* 🎵 [x](y)",
        participant="<i>P</i>",
    )
    assert lane(page, "notes")[0]["text"] == RIGHT_TO_LEFT
    assert lane(page, "songs")[0]["text"] == RIGHT_TO_LEFT
    assert r"\*Größe\* 🎵 \[x\]\(y\)" in page.text()
    assert "&lt;i&gt;P&lt;/i&gt;" in page.text()


def test_a_running_session_grows_and_says_when_it_is_over(page: Dashboard) -> None:
    session_id = keep(page, make_samples(80), end=False)
    assert "Running" in page.text()
    before_s = chart(page)["whole"][1]
    store = state.sessions(page.visit())
    store.append(session_id, make_samples(80, 10.0))
    page.run()
    assert chart(page)["whole"][1] == pytest.approx(before_s + 10)
    store.end(session_id, NOON)
    assert "Running" not in page.run().text()


def test_an_interrupted_session_says_what_that_means(page: Dashboard) -> None:
    demo(page, "demo-8")
    assert "It ended without saying so" in page.text()


def test_another_session_is_looked_at_anew(page: Dashboard) -> None:
    demo(page)
    page.visit().review.go_to(Span(60, 120))
    assert chart(page.run())["view"] == [60, 120]
    show(page, "demo-2")
    assert chart(page)["view"] == chart(page)["whole"]


# -- zoom, baseline, threshold -----------------------------------------------------------------------------------------


def test_what_the_chart_shows_is_what_it_gets_points_for(page: Dashboard) -> None:
    demo(page)
    coarse = series(page, "Valence")[0]
    session = OpenSession.read(state.sessions(page.visit()), "demo-1")
    chart_view.hear(session, page.visit().review, "view", {"start": 100.0, "end": 130.0})
    page.run()
    fine = series(page, "Valence")[0]
    assert fine[0] <= 100 <= fine[1]
    assert fine[-2] <= 130 <= fine[-1]
    assert ((coarse > 100) & (coarse < 130)).sum() < len(fine)
    chart_view.hear(session, page.visit().review, "view", {"start": -5.0, "end": 99_999.0})
    assert page.visit().review.view is None


def test_a_click_chooses_a_mark_and_a_second_one_leaves_it(page: Dashboard) -> None:
    demo(page)
    session, review = OpenSession.read(state.sessions(page.visit()), "demo-1"), page.visit().review
    chart_view.hear(session, review, "pick", {"id": "x"})
    assert review.chosen == "x"
    chart_view.hear(session, review, "pick", {"id": "x"})
    chart_view.hear(session, review, "moment", {"t": 61.2})
    assert (review.chosen, review.moment_s) == (None, 61.2)
    fields = [f.value for f in page.run().app.text_input if f.key and f.key.startswith(hooks.SESSION_ADD)]
    assert "1:01.2" in fields


def test_less_the_neutral_face_both_are_drawn(page: Dashboard) -> None:
    demo(page)
    toggle = page.app.toggle(key=hooks.SESSION_BASELINE)
    toggle.set_value(True)
    page.run()
    assert page.visit().review.less_baseline
    names = [trace["name"] for trace in chart(page)["figure"]["data"]]
    assert {"Happy", "Happy as read", "Valence", "Valence as read"} <= set(names)
    less, read = series(page, "Valence")[1], series(page, "Valence as read")[1]
    assert np.nanmean(read) - np.nanmean(less) == pytest.approx(np.nanmedian(read - less), abs=1e-3)


def test_without_a_calibration_there_is_nothing_to_subtract(page: Dashboard) -> None:
    keep(page, make_samples(80))
    assert hooks.SESSION_BASELINE not in [toggle.key for toggle in page.app.toggle]


def test_a_threshold_gives_episodes_listed_and_in_a_lane(page: Dashboard) -> None:
    keep(page, [*make_samples(80, valence=-0.5), *make_samples(40, 10.0, 0.8), *make_samples(80, 15.0, -0.5)])
    page.app.selectbox(key=f"{hooks.SESSION_THRESHOLD}-series").select("valence")
    page.run()
    assert page.visit().review.threshold == Threshold("valence", 0.3, True)
    (episode,) = lane(page, "episodes")
    assert (episode["a"], episode["b"]) == pytest.approx((10.0, 14.875), abs=0.01)
    assert "**Valence above +0.30**: 1 episode" in page.text()
    assert chart(page)["figure"]["layout"]["shapes"][0]["y0"] == 0.3


def test_what_is_left_out_has_no_episode(page: Dashboard) -> None:
    keep(page, make_samples(80, valence=0.8), [Excluded(t_s=0, until_s=10)])
    page.app.selectbox(key=f"{hooks.SESSION_THRESHOLD}-series").select("valence")
    page.run()
    assert "no episode of a second or more" in page.text()
    assert lane(page, "episodes") == []


# -- edits -------------------------------------------------------------------------------------------------------------


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
    assert "“corus”" in page.text()


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


def test_a_store_that_fails_says_so_beside_the_form(page: Dashboard, monkeypatch: pytest.MonkeyPatch) -> None:
    session_id = keep(page, make_samples(80))

    def full(*arguments: Any) -> None:
        raise StoreUnavailable("The disk is full. Make room, then try again.")

    monkeypatch.setattr(AccessibleSessions, "append", full)
    fill(page, f"{hooks.SESSION_ADD}-Marker", "-text", "x")
    press(page, f"{hooks.SESSION_ADD}-Marker")
    assert "The disk is full" in page.text()
    assert kept(page, session_id).events == ()
