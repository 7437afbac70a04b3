"""A stretch of a kept session as a Plotly figure: probabilities above, valence and arousal below, one time axis.

Series travel as packed little-endian floats (``dtype`` and ``bdata``, which Plotly reads too): fast to make, and
a third of the size of numbers in JSON.
"""

from __future__ import annotations

import base64
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emrs_core.timeline.downsample import Line, thin
from emrs_core.timeline.intervals import Span
from emrs_core.timeline.stacking import stacked
from emrs_core.types import EMOTIONS
from emrs_core.ui import words
from emrs_core.ui.figures import Figure, axis, layout
from emrs_core.ui.palette import ACCENT, EMOTION_STYLES, INK, css_variable
from emrs_core.ui.timeline.session.choice import Form, Readings, Review
from emrs_core.ui.timeline.session.opened import Curves, OpenSession, curves, stretch

POINTS: Final = 1_200
"""A series' points at most, gaps apart: the lowest and the highest value of every two pixels of a wide chart."""
HEIGHT_PX: Final = 400
MARGIN_PX: Final = {"l": 64, "r": 12, "t": 6, "b": 30}
"""The lanes under the chart count on left and right."""
UPPER, LOWER = (0.44, 1.0), (0.0, 0.36)  # shares of the height
PLANE: Final = ("valence", "arousal")
PLANE_NAMES: Final = {"valence": "Valence", "arousal": "Arousal"}
AS_READ_OPACITY: Final = 0.38  # of what was read, behind the same less baseline


def session_chart(session: OpenSession, review: Review) -> Figure:
    """What the choice asks for, thinned to the screen."""
    view = session.view(review.view)
    part = stretch(session.now.samples, view)
    hole_s = hole_of(view, POINTS)
    raw = review.readings is Readings.RAW
    baseline = session.baseline if review.less_baseline else None
    read = curves(part, raw)
    if baseline is None:
        areas = review.form is Form.AREAS
        data = (_areas(read, view) if areas else _probability_lines(read, hole_s)) + _plane_lines(read, hole_s)
        return {"data": data, "layout": _layout(review, raw, areas)}
    shown = curves(part, raw, baseline)
    behind = [*_probability_lines(read, hole_s), *_plane_lines(read, hole_s)]
    for trace in behind:
        trace.update(opacity=AS_READ_OPACITY, name=f"{trace['name']} as read")
        trace["line"] = {**trace["line"], "width": 1}
        trace["meta"] = {**trace["meta"], "behind": True}
    return {
        "data": [*behind, *_probability_lines(shown, hole_s), *_plane_lines(shown, hole_s)],
        "layout": _layout(review, raw, False),
    }


def hole_of(view: Span, points: int) -> float:
    """A hole in a series that is no longer than this is narrower than two pixels; the lane of the face shows it."""
    return 2 * view.length_s / points


def packed(values: NDArray[np.floating], dtype: str = "f4") -> dict[str, str]:
    """Numbers as Plotly's packed array."""
    return {"dtype": dtype, "bdata": base64.b64encode(values.astype(f"<{dtype}").tobytes()).decode()}


def _probability_lines(read: Curves, hole_s: float) -> list[dict[str, Any]]:
    lines = thin(read.t_s, read.probabilities * 100, POINTS, hole_s=hole_s)
    return [
        _trace(
            line,
            key=str(emotion),
            name=words.EMOTION_NAMES[emotion],
            unit="%",
            line={"color": f"var({css_variable(emotion)})", "width": 1.8, "dash": EMOTION_STYLES[emotion].dash},
        )
        for emotion, line in zip(EMOTIONS, lines, strict=True)
    ]


def _areas(read: Curves, view: Span) -> list[dict[str, Any]]:
    stack = stacked(read.t_s, read.probabilities * 100, view)
    return [
        _trace(
            Line(stack.t_s, column),
            key=str(emotion),
            name=words.EMOTION_NAMES[emotion],
            unit="%",
            line={"color": f"var({css_variable(emotion)})", "width": 0},
            stackgroup="probability",
            fillcolor=f"var({css_variable(emotion)})",
        )
        for emotion, column in zip(EMOTIONS, stack.values.T, strict=True)
    ]


def _plane_lines(read: Curves, hole_s: float) -> list[dict[str, Any]]:
    looks = ({"color": f"var({ACCENT})", "width": 2}, {"color": f"var({INK})", "width": 1.6, "dash": "dot"})
    return [
        _trace(line, key=name, name=PLANE_NAMES[name], unit="", line=look, yaxis="y2")
        for name, look, line in zip(PLANE, looks, thin(read.t_s, read.point, POINTS, hole_s=hole_s), strict=True)
    ]


def _trace(points: Line, *, key: str, name: str, unit: str, **look: Any) -> dict[str, Any]:
    """``meta`` is for the legend of our own: whose line it is, and the unit of its values."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": packed(points.t_s, "f8"),
        "y": packed(points.value),
        "name": name,
        "meta": {"key": key, "unit": unit},
        "showlegend": False,
        "hoverinfo": "skip",
        **look,
    }


def _layout(review: Review, raw: bool, areas: bool) -> dict[str, Any]:
    less = review.less_baseline
    what = "Single looks" if raw else "Smoothed"
    upper: dict[str, Any] = {"range": [-102, 102] if less else [0, 102], "domain": UPPER, "fixedrange": True}
    lower: dict[str, Any] = {"range": [-2.05, 2.05] if less else [-1.05, 1.05], "domain": LOWER, "fixedrange": True}
    return {
        **layout(),
        "height": HEIGHT_PX,
        "margin": {**MARGIN_PX, "autoexpand": False},
        "hovermode": False,
        "uirevision": "stay",
        "xaxis": {**axis(""), "anchor": "y2", "title": {"text": ""}, "showgrid": True, "ticks": "outside"},
        "yaxis": {**axis(f"{what}, less neutral (points)" if less else f"{what} (%)"), **upper, "zeroline": less},
        "yaxis2": {
            **axis("Place on the plane"),
            **lower,
            "zeroline": True,
            "zerolinewidth": 1,
            "tickvals": [-2, -1, 0, 1, 2] if less else [-1, 0, 1],
        },
        "shapes": _threshold_line(review, areas),
    }


def _threshold_line(review: Review, areas: bool) -> list[dict[str, Any]]:
    """Across the part of the chart that it is about; nowhere among areas, where heights are sums."""
    wanted = review.threshold
    if wanted is None:
        return []
    plane = wanted.series in PLANE
    if areas and not plane:
        return []
    level = wanted.level if plane else wanted.level * 100
    return [
        {
            "type": "line",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "yref": "y2" if plane else "y",
            "y0": level,
            "y1": level,
            "line": {"color": f"var({INK})", "width": 1.2, "dash": "longdash"},
        }
    ]
