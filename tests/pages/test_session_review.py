"""One kept session on the page, in every state: its curves, lanes, thresholds, and the edits of a review."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest

from emrs_core.testing.timeline import NOON, make_samples
from emrs_core.timeline.events import (
    Excluded,
    Marker,
    Note,
    Sample,
    SongStarted,
)
from emrs_core.timeline.intervals import Span
from emrs_core.ui import hooks, state
from emrs_core.ui.timeline import session_view
from emrs_core.ui.timeline.session import chart_view
from emrs_core.ui.timeline.session.choice import Form, Threshold
from emrs_core.ui.timeline.session.opened import OpenSession
from tests.pages.harness import Dashboard
from tests.pages.review_use import RIGHT_TO_LEFT, chart, demo, keep, lane, series, show


@pytest.fixture
def page(dashboard: Dashboard) -> Dashboard:
    return dashboard.run()


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
