"""The figures of a kept session on the page, in every state."""

from __future__ import annotations

import json
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from emrs_core.testing.catalogues import FakeCatalogue
from emrs_core.timeline.demo.sessions import demo_sessions
from emrs_core.timeline.events import Excluded, Sample, SongEnded, SongStarted
from emrs_core.timeline.samples import MOOD_NAMES, Samples
from emrs_core.timeline.sessions import SessionInfo, SessionState, Timeline
from emrs_core.timeline.statistics.summary import summarise
from emrs_core.types import EMOTIONS, AffectPoint, QualityIssue
from emrs_core.ui import hooks
from emrs_core.ui.timeline import summary_view
from emrs_core.ui.timeline.summary import desk, moves_chart, songs_chart, tables, time_chart, words

INFO = SessionInfo("s", "local", datetime(2026, 5, 1, tzinfo=UTC))
SURE = tuple(float(str(e) == "happy") for e in EMOTIONS)


@pytest.fixture(scope="module")
def demo() -> Timeline:
    """A synthetic session with songs, self-reports, a baseline and an excluded stretch."""
    return next(demo_sessions(FakeCatalogue().tracks(), datetime(2026, 6, 1, tzinfo=UTC)))


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may take longer than a page should wait."""
    monkeypatch.setattr(summary_view, "PATIENCE_S", 60.0)


def page(timeline: Timeline, baseline: bool = False) -> AppTest:
    """The summary alone on a page."""

    def script(timeline: object, baseline: bool) -> None:  # its source runs alone, without this module
        import streamlit as st

        from emrs_core.ui import passing
        from emrs_core.ui.timeline.summary_view import draw_summary

        passing.begin()
        if st.button("Save"):
            passing.say("Saved.")
        draw_summary(timeline, baseline)  # type: ignore[arg-type]
        passing.draw_said()

    app = AppTest.from_function(script, kwargs={"timeline": timeline, "baseline": baseline}, default_timeout=60).run()
    assert not app.exception
    return app


def text(app: AppTest) -> str:
    kinds = ("header", "markdown", "caption", "info", "error")
    said = [str(element.value) for kind in kinds for element in app.get(kind)]
    return "\n".join([*said, *(element.proto.body for element in app.get("html"))])


def charts(app: AppTest) -> list[dict[str, Any]]:
    parts = [e.proto for e in app.get("bidi_component") if e.proto.component_name == "emrs.chart"]
    return [dict(json.loads(part.json)) for part in parts]


def seen(seconds: int, start_s: int = 0, *, face: bool = True, dark: bool = False, mood: str = "happy") -> list[Sample]:
    reading = None if dark or not face else SURE
    issues = (QualityIssue.TOO_DARK,) if dark else ()
    point = AffectPoint(0.5, 0.1) if reading else None
    return [
        Sample(float(start_s + k), mood if face else "no_face", reading, reading, face, issues, point)
        for k in range(seconds)
    ]


def test_a_session_has_all_its_figures(demo: Timeline) -> None:
    app = page(demo)
    said, drawn = text(app), charts(app)
    for heading in ("Time per emotion", "From mood to mood", "Valence and arousal", "Around each song", "Said beside"):
        assert heading in said
    assert len(drawn) == 3
    assert all(chart["alt"] for chart in drawn)
    summary = summarise(demo)
    assert words.per_cent(summary.valid_face_share) in said
    assert summary.songs[0].song.title in said
    assert "by the person's own word" in said
    assert "Mean less the neutral face" not in said


def test_every_figure_is_one_that_plotly_can_draw(demo: Timeline) -> None:
    summary = summarise(demo)
    for figure in (
        time_chart.time_chart(summary),
        moves_chart.moves_chart(summary.transitions),
        songs_chart.songs_chart(summary.songs, "arousal"),
    ):
        assert len(go.Figure(json.loads(json.dumps(figure))).data) == len(figure["data"]) > 0


def test_less_the_neutral_face_both_means_are_shown(demo: Timeline) -> None:
    summary = summarise(demo)
    assert summary.neutral is not None
    assert summary.valence.mean is not None
    said = text(page(demo, baseline=True))
    assert "Mean less the neutral face" in said
    assert words.signed(summary.valence.mean.value) in said
    assert words.signed(summary.valence.mean.value - summary.neutral.valence) in said


def test_arousal_around_songs_is_one_click_away(demo: Timeline) -> None:
    app = page(demo)
    app.segmented_control(key=hooks.SUMMARY_DIMENSION).set_value("Arousal").run()
    assert "Arousal around each song" in text(app)
    assert any(chart["figure"]["layout"]["xaxis"]["title"]["text"].startswith("Arousal") for chart in charts(app))


def test_a_session_with_nothing_in_it_says_so() -> None:
    app = page(Timeline(INFO))
    assert words.NOTHING in text(app)
    assert not charts(app)


def test_all_excluded_is_nothing_too() -> None:
    one = Timeline(INFO, Samples.of(seen(60)), (Excluded(t_s=0.0, until_s=100.0),))
    assert words.NOTHING in text(page(one))


@pytest.mark.parametrize("rows", [seen(60, face=False), seen(60, dark=True, mood="unsure")])
def test_without_a_readable_face_there_is_no_valence(rows: list[Sample]) -> None:
    said = text(page(Timeline(INFO, Samples.of(rows))))
    assert words.NO_FACE in said
    assert "Slope a minute" not in said
    assert words.NO_CHANGES in said


def test_a_face_seldom_seen_is_said() -> None:
    said = text(page(Timeline(INFO, Samples.of(seen(20) + seen(60, 20, face=False)))))
    assert words.SELDOM_SEEN in said


def test_a_short_session_has_figures_without_intervals() -> None:
    said = text(page(Timeline(INFO, Samples.of(seen(3)))))
    assert words.NO_INTERVALS in said
    assert words.NO_SONGS in said
    assert words.NO_REPORTS in said


def test_a_title_cannot_become_markup() -> None:
    start = SongStarted(t_s=10, track_id="a", title="<b onclick=x>A</b>", artist="<script>")
    end = SongEnded(t_s=30, track_id="a", began_s=10, source="player")
    one = Timeline(INFO, Samples.of(seen(60)), (start, end))
    summary = summarise(one)
    assert "<b onclick" not in tables.songs_html(summary.songs, "valence")
    assert "<script>" not in tables.songs_html(summary.songs, "valence")
    assert "<b" not in songs_chart.label(1, summary.songs[0])


def test_of_many_songs_the_figure_shows_those_that_moved_most(demo: Timeline) -> None:
    song = summarise(demo).songs[0]
    assert song.valence.during_less_before is not None
    still = replace(
        song, valence=replace(song.valence, during_less_before=replace(song.valence.during_less_before, value=0))
    )
    many = (still,) * songs_chart.SHOWN + (song,) * 2
    shown = songs_chart.drawn(many, "valence")
    assert len(shown) == songs_chart.SHOWN
    assert [number for number, _ in shown][-2:] == [songs_chart.SHOWN + 1, songs_chart.SHOWN + 2]


class _Slow:
    """An executor whose work is done when the test says so."""

    def __init__(self) -> None:
        self.futures: list[Future[Any]] = []

    def submit(self, work: Any, *arguments: Any) -> Future[Any]:
        self.futures.append(Future())
        return self.futures[-1]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> _Slow:
    """What works the figures out for the page, which does not wait for it."""
    executor = _Slow()
    monkeypatch.setattr(summary_view, "PATIENCE_S", 0.0)
    monkeypatch.setattr(desk, "workers", lambda: executor)
    return executor


class TestDesk:
    def test_the_same_content_is_worked_out_once(self, demo: Timeline) -> None:
        slow = _Slow()
        one = desk.SummaryDesk(slow)  # type: ignore[arg-type]
        assert one.summary_of(demo, 0.0) is None
        assert one.summary_of(replace(demo), 0.0) is None
        assert len(slow.futures) == 1
        slow.futures[0].set_result("figures")
        assert one.summary_of(demo, 0.0) == "figures"

    def test_another_content_is_worked_out_anew(self, demo: Timeline) -> None:
        slow = _Slow()
        one = desk.SummaryDesk(slow)  # type: ignore[arg-type]
        one.summary_of(demo, 0.0)
        one.summary_of(replace(demo, events=(*demo.events, Excluded(t_s=1, until_s=2))), 0.0)
        one.summary_of(replace(demo, samples=demo.samples.take(slice(0, 99))), 0.0)
        assert len(slow.futures) == 3

    def test_only_the_last_few_are_kept(self, demo: Timeline) -> None:
        slow = _Slow()
        one = desk.SummaryDesk(slow)  # type: ignore[arg-type]
        for rows in range(1, desk.KEPT + 2):
            one.summary_of(replace(demo, samples=demo.samples.take(slice(0, rows))), 0.0)
        assert slow.futures[0].cancelled()
        assert not slow.futures[-1].cancelled()

    def test_while_the_figures_are_worked_out_the_page_says_so(self, demo: Timeline, slow: _Slow) -> None:
        app = page(replace(demo, info=replace(demo.info, id="slow")))
        assert "Working out the figures" in text(app)
        slow.futures[0].set_result(summarise(demo))
        assert "Time per emotion" in text(app.run())

    def test_the_run_that_brings_the_figures_soon_after_says_what_was_saved(self, demo: Timeline, slow: _Slow) -> None:
        app = page(replace(demo, info=replace(demo.info, id="saved")))
        app.button[0].click().run()
        assert not app.toast
        slow.futures[0].set_result(summarise(demo))
        assert [toast.value for toast in app.run().toast] == ["Saved."]

    def test_meanwhile_the_figures_of_a_moment_ago_stay(self, demo: Timeline, monkeypatch: pytest.MonkeyPatch) -> None:
        """A session that runs has other figures every second; the page must not go blank each time."""
        running = replace(demo, info=replace(demo.info, id="running", state=SessionState.RUNNING))
        assert "Time per emotion" in text(page(running))
        monkeypatch.setattr(summary_view, "PATIENCE_S", 0.0)
        monkeypatch.setattr(desk, "workers", _Slow)
        said = text(page(replace(running, samples=demo.samples.take(slice(0, -9)))))
        assert "Time per emotion" in said
        assert "Working out" not in said

    def test_what_goes_wrong_is_one_calm_sentence(self, demo: Timeline, slow: _Slow) -> None:
        app = page(replace(demo, info=replace(demo.info, id="broken")))
        slow.futures[0].set_exception(RuntimeError("boom"))
        assert "This part of the page failed" in text(app.run())


class TestWords:
    @pytest.mark.parametrize(
        ("value", "written"), [(0.25, "+0.25"), (-0.25, "−0.25"), (-0.001, "0.00"), (None, words.UNKNOWN)]
    )
    def test_signs(self, value: float | None, written: str) -> None:
        assert words.signed(value) == written

    @pytest.mark.parametrize(
        ("share", "written"), [(0.0, "0 %"), (0.004, "< 1 %"), (0.999, "99 %"), (1.0, "100 %"), (0.25, "25 %")]
    )
    def test_shares_never_round_to_all_or_nothing(self, share: float, written: str) -> None:
        assert words.per_cent(share) == written

    def test_times(self) -> None:
        assert words.clock(65) == "1:05"
        assert words.clock(3_725) == "1:02:05"

    def test_every_mood_has_a_name(self) -> None:
        assert len({words.mood_name(name) for name in MOOD_NAMES}) == len(MOOD_NAMES)
