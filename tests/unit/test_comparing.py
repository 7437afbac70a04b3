"""Sessions side by side: gaps and excluded time stay open, differences are to the first, and the list's own choices."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from itertools import islice

import numpy as np
import pytest

from emrs_core.testing.catalogues import make_track
from emrs_core.timeline.comparing import Axis, ComparedFigure, compare, curve
from emrs_core.timeline.demo.sessions import demo_sessions
from emrs_core.timeline.events import Excluded, Sample
from emrs_core.timeline.export.bundle import bundle_name, bundle_type
from emrs_core.timeline.export.files import ExportFormat
from emrs_core.timeline.samples import Samples
from emrs_core.timeline.sessions import SessionInfo, Timeline
from emrs_core.timeline.statistics.bootstrap import Estimate
from emrs_core.timeline.statistics.summary import summarise
from emrs_core.timeline.store import SessionQuery
from emrs_core.types import AffectPoint, Emotion
from emrs_core.ui.timeline.choice import Choice
from emrs_core.ui.timeline.compare_chart import Curve, curves_chart, curves_text, figures_html

INFO = SessionInfo("s", "local", datetime(2026, 5, 1, tzinfo=UTC))
TRACKS = [make_track(number) for number in range(40)]
LOOK = (0.1, 0.0, 0.1, 0.6, 0.1, 0.0, 0.1)


def sample(t_s: float, valence: float = 0.5) -> Sample:
    return Sample(t_s, "happy", raw=LOOK, smoothed=LOOK, face=True, quality=(), point=AffectPoint(valence, 0.2))


def session(*times: float, events: tuple[Excluded, ...] = ()) -> Timeline:
    return Timeline(INFO, Samples.of(sample(t_s) for t_s in times), events)


def test_a_curve_has_a_hole_where_nothing_was_recorded() -> None:
    line = curve(session(0.0, 0.5, 10.0, 10.5), Axis.VALENCE)
    assert line.t_s[np.isnan(line.value)].tolist() == [pytest.approx(5.25)]
    assert line.value[~np.isnan(line.value)].tolist() == [0.5] * 4


def test_excluded_time_is_a_hole_too() -> None:
    line = curve(
        session(*np.arange(0, 10, 0.5), events=(Excluded(t_s=3.0, until_s=6.0, reason="phone"),)), Axis.AROUSAL
    )
    known = line.t_s[~np.isnan(line.value)]
    assert not ((known >= 3.0) & (known < 6.0)).any()
    assert np.isnan(line.value).any()


def test_an_emotion_is_its_smoothed_probability() -> None:
    line = curve(session(0.0, 0.5), Emotion.HAPPY)
    assert line.value.tolist() == pytest.approx([0.6, 0.6])


def test_differences_are_to_the_first_session_and_only_of_what_is_known() -> None:
    figure = ComparedFigure("valence, mean", "plane", (Estimate(0.25, 0.2, 0.3), Estimate(-0.5), None))
    assert figure.difference(1) == -0.75
    assert figure.difference(2) is None
    assert ComparedFigure("x", "", (None, Estimate(1.0))).difference(1) is None


def test_the_table_holds_the_summaries_own_figures() -> None:
    made_up = islice(demo_sessions(TRACKS, INFO.started_at), 2)
    first, second = (summarise(timeline, resamples=20) for timeline in made_up)
    figures = {figure.name: figure for figure in compare([first, second])}
    assert figures["valence, mean"].values == (first.valence.mean, second.valence.mean)
    assert figures["recorded"].difference(1) == pytest.approx(second.recorded_s - first.recorded_s)
    shares = [figure for name, figure in figures.items() if name.startswith("time ")]
    assert math.isclose(sum(figure.values[0].value for figure in shares if figure.values[0]), 1.0)
    html = figures_html(["<one>", "two"], list(figures.values()))
    assert "1: &lt;one&gt;" in html
    assert html.count("<th>Difference</th>") == 1


def test_nothing_read_has_no_number_at_its_end() -> None:
    curves = [Curve("a", curve(session(0.0, 0.5), Axis.VALENCE)), Curve("b", curve(session(), Axis.VALENCE))]
    figure = curves_chart(curves, Axis.VALENCE)
    assert [end["text"] for end in figure["layout"]["annotations"]] == ["<b>1</b>"]
    assert "b: nothing read" in curves_text(curves, Axis.VALENCE)


@pytest.mark.parametrize(
    ("ids", "form", "name", "kind"),
    [
        (("a",), ExportFormat.JSON, "a.json", "application/json"),
        (("a",), ExportFormat.CSV, "a-csv.zip", "application/zip"),
        (("a", "b"), ExportFormat.XLSX, "emrs-2-sessions-xlsx.zip", "application/zip"),
        (("../x",), ExportFormat.JSON, "___x-d6b96a97.json", "application/json"),
    ],
)
def test_files_are_named_after_ids_alone(ids: tuple[str, ...], form: ExportFormat, name: str, kind: str) -> None:
    assert bundle_name(ids, form) == name
    assert bundle_type(ids, form) == kind


def test_a_new_search_begins_at_its_first_page_and_no_page_lies_behind_the_last() -> None:
    choice, query = Choice(), SessionQuery(text="a")
    assert choice.page_of(query, 4) == 0
    choice.page = 9
    assert choice.page_of(query, 4) == 3
    assert choice.page_of(SessionQuery(text="b"), 4) == 0


def test_ticked_sessions_keep_their_order_and_go_when_they_are_gone() -> None:
    choice = Choice()
    choice.tick(["b", "a", "c"], on=True)
    choice.tick(["a"], on=False)
    assert choice.among({"b", "c", "d"}) == ("b", "c")
    assert choice.among({"c"}) == ("c",)
    assert choice.among({"b", "c"}) == ("c",)
