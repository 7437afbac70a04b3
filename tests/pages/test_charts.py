"""The figures: valid, labelled, told in words, with gaps where nothing was read."""

from __future__ import annotations

import re
from collections.abc import Sequence

import plotly.graph_objects as go
import pytest

from emrs_core.affect import point_of
from emrs_core.testing.models import probabilities_of
from emrs_core.types import AffectPoint, Emotion, EmotionEstimate, MoodKind, MoodSample, MoodState
from emrs_core.ui import charts, palette, plane


def sample(t_s: float, emotion: Emotion | None = Emotion.HAPPY) -> MoodSample:
    if emotion is None:
        return MoodSample(None, MoodState(t_s, MoodKind.NO_FACE))
    reading = probabilities_of(emotion)
    mood = MoodState(t_s, MoodKind.EMOTION, emotion, max(reading), reading, point_of(reading))
    return MoodSample(EmotionEstimate(t_s, reading), mood)


@pytest.mark.parametrize("samples", [[], [sample(0.0)], [sample(float(t)) for t in range(300)]])
@pytest.mark.parametrize("raw", [False, True])
def test_the_emotion_chart_is_a_valid_figure(samples: Sequence[MoodSample], raw: bool) -> None:
    figure = charts.emotion_chart(samples, raw)
    checkable = re.sub(r"var\(--[a-z-]+\)", "#123456", repr(figure))
    go.Figure(eval(checkable))  # noqa: S307 - a literal of our own; Plotly refuses unknown properties
    assert len(figure["data"]) == (14 if raw else 7)


def test_the_emotion_chart_has_gaps_where_nothing_was_read() -> None:
    figure = charts.emotion_chart([sample(0.0), sample(1.0, None), sample(2.0)])
    happy = next(trace for trace in figure["data"] if trace.get("name") == "Happy")
    assert happy["y"][1] is None
    assert happy["y"][0] > 50


def test_the_window_moves_with_time() -> None:
    early, late = (charts.emotion_chart([sample(t)])["layout"]["xaxis"]["range"] for t in (10.0, 500.0))
    assert early == [0.0, charts.WINDOW_S]
    assert late == [500.0 - charts.WINDOW_S, 500.0]


def test_axes_are_labelled_with_units_and_the_zoom_is_kept() -> None:
    for figure in (charts.emotion_chart([sample(1.0)]), plane.plane_chart()):
        for axis in ("xaxis", "yaxis"):
            assert figure["layout"][axis]["title"]["text"]
        assert figure["layout"]["uirevision"]
    assert "(%)" in charts.emotion_chart([])["layout"]["yaxis"]["title"]["text"]
    assert "(min:s)" in charts.emotion_chart([])["layout"]["xaxis"]["title"]["text"]


@pytest.mark.parametrize("clickable", [False, True])
def test_the_plane_is_a_valid_figure(clickable: bool) -> None:
    figure = plane.plane_chart(trail=[sample(1.0), sample(2.0)], target=AffectPoint(0.5, 0.5), clickable=clickable)
    go.Figure(eval(re.sub(r"var\(--[a-z-]+\)", "#123456", repr(figure))))  # noqa: S307
    names = [trace.get("name") for trace in figure["data"]]
    assert (plane.PICK in names) is clickable


def test_charts_are_told_in_words() -> None:
    text = charts.emotion_chart_text([sample(1.0)])
    assert "happy" in text
    assert charts.emotion_chart_text([]) == "Emotion over time: nothing read yet."
    assert "valence +0.50" in plane.plane_text(None, AffectPoint(0.5, -0.5))
    assert "no mood yet" in plane.plane_text(None, None)


def test_every_colour_variable_in_a_figure_is_defined() -> None:
    used = set(re.findall(r"var\((--[a-z-]+)\)", repr([charts.emotion_chart([sample(1.0)]), plane.plane_chart()])))
    assert used
    assert all(f"{name}: " in palette.css_variables() for name in used)
