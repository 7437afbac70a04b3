"""The valence-arousal plane as a Plotly figure: the mood's trail, the music's target, places to click."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from emrs_core.affect import EMOTION_POINTS
from emrs_core.types import EMOTIONS, AffectPoint, Emotion, MoodSample
from emrs_core.ui import words
from emrs_core.ui.figures import SEEN, Figure, axis, dot_trace, layout, line_trace
from emrs_core.ui.palette import ACCENT, GROUND, INK, css_variable

TRAIL_S: Final = 30.0
LABEL_LIFT: Final = 0.15  # in plane units
PICK: Final = "pick"
"""The name of the invisible points that can be clicked."""

_CORNERS = ((-1.08, 1.03, "tense"), (1.08, 1.03, "lively"), (-1.08, -1.03, "gloomy"), (1.08, -1.03, "serene"))


def plane_chart(
    *,
    trail: Sequence[MoodSample] = (),
    target: AffectPoint | None = None,
    clickable: bool = False,
) -> Figure:
    """The valence-arousal plane with what is given: the mood's recent trail, the music's target.

    ``clickable`` lays a fine grid of invisible points named PICK over it, one of which is what a click chooses.
    """
    data = [_click_grid()] if clickable else []
    data += _landmarks()
    points = [s.mood.point for s in trail if s.mood.point is not None and s.mood.kind in SEEN]
    if points:
        data += _trail(points)
    if target is not None:
        data.append(_target(target))
    span = {"range": [-1.12, 1.12], "fixedrange": True, "dtick": 0.5, "zeroline": True}
    look = {
        **layout(),
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
        "annotations": _corner_words(),
        "xaxis": {**axis("Valence: unpleasant – pleasant"), **span},
        "yaxis": {**axis("Arousal: calm – energetic"), **span},
    }
    return {"data": data, "layout": look}


def plane_text(point: AffectPoint | None, target: AffectPoint | None) -> str:
    """The plane in a sentence."""
    if point is None and target is None:
        return "Valence-arousal plane: no mood yet."
    now = f" The mood is at valence {point.valence:+.2f}, arousal {point.arousal:+.2f}." if point else ""
    aim = f" The songs aim at valence {target.valence:+.2f}, arousal {target.arousal:+.2f}." if target else ""
    return f"Valence-arousal plane.{now}{aim}"


def _landmarks() -> list[dict[str, Any]]:
    right, left = "middle right", "middle left"  # some lie close together or on an axis
    positions = {Emotion.FEAR: right, Emotion.ANGRY: left, Emotion.SURPRISE: right, Emotion.NEUTRAL: right}
    points = [EMOTION_POINTS[e] for e in EMOTIONS]
    colours = [f"var({css_variable(e)})" for e in EMOTIONS]
    names = {
        "type": "scatter",
        "mode": "text",
        "x": [p.valence for p in points],
        "y": [p.arousal + LABEL_LIFT for p in points],  # clear of the mood's own dot
        "text": [words.EMOTION_NAMES[e] for e in EMOTIONS],
        "textposition": [positions.get(e, "middle center") for e in EMOTIONS],
        "textfont": {"size": 12},
        "hoverinfo": "skip",
    }
    return [dot_trace(points, {"size": 8, "symbol": "diamond", "color": colours}, hoverinfo="skip"), names]


def _corner_words() -> list[dict[str, Any]]:
    """What the four quarters feel like."""
    look = {"showarrow": False, "font": {"size": 11}, "opacity": 0.65}
    return [{**look, "x": x, "y": y, "text": text, "xanchor": "right" if x > 0 else "left"} for x, y, text in _CORNERS]


def _trail(points: Sequence[AffectPoint]) -> list[dict[str, Any]]:
    line = {"color": f"var({INK})", "width": 2}
    path = line_trace([p.valence for p in points], [p.arousal for p in points], line, opacity=0.35, hoverinfo="skip")
    now = {"size": 17, "color": f"var({INK})", "line": {"width": 3, "color": f"var({GROUND})"}}
    hover = "mood now<br>valence %{x:.2f}<br>arousal %{y:.2f}<extra></extra>"
    return [path, dot_trace(points[-1:], now, hovertemplate=hover)]


def _target(target: AffectPoint) -> dict[str, Any]:
    ring = {"size": 24, "symbol": "circle-open", "color": f"var({ACCENT})", "line": {"width": 3}}
    return dot_trace(
        [target], ring, hovertemplate="the songs aim here<br>valence %{x:.2f}<br>arousal %{y:.2f}<extra></extra>"
    )


def _click_grid() -> dict[str, Any]:
    steps = [i / 10 for i in range(-10, 11)]
    points = [AffectPoint(x, y) for x in steps for y in steps]
    hover = "valence %{x:.1f}, arousal %{y:.1f}<extra>choose</extra>"
    return dot_trace(points, {"size": 16, "opacity": 0}, name=PICK, hovertemplate=hover)
