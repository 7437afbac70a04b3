"""Time per emotion as a Plotly figure: bars of the calm reading, rings of the single looks, whiskers for intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from emrs_core.timeline.statistics.bootstrap import Estimate
from emrs_core.timeline.statistics.shares import TimeShare
from emrs_core.timeline.statistics.summary import Summary
from emrs_core.types import EMOTIONS, Emotion
from emrs_core.ui.figures import ASIDE, Figure, axis, layout
from emrs_core.ui.palette import FAINT, INK, css_variable
from emrs_core.ui.timeline.summary import words

ROW_PX: Final = 36
BAR_OPACITY: Final = 0.6
"""So that the whiskers are seen on the bars too, whose colours can be as light, or as dark, as ink."""
FRAME_PX: Final = 64
"""The axis and its title."""


def time_chart(summary: Summary) -> Figure:
    """Per cent of the time, a row a name, in the order of MOOD_NAMES from top to bottom."""
    names = [words.mood_name(mood.name) for mood in summary.moods]
    bars = {
        "type": "bar",
        "orientation": "h",
        "name": "calm reading",
        **_points(summary.moods, names, "calm reading"),
        "marker": {"color": [_colour(mood.name) for mood in summary.moods], "opacity": BAR_OPACITY},
        "width": 0.56,
    }
    rings = {
        "type": "scatter",
        "mode": "markers",
        "name": "single looks",
        **_points(summary.raw_emotions, [words.mood_name(r.name) for r in summary.raw_emotions], "single looks"),
        "marker": {"symbol": "circle-open", "size": 10, "color": f"var({INK})", "line": {"width": 2}},
    }
    rings["error_x"] |= {"thickness": 1, "width": 0}
    look = {
        **layout(),
        "height": FRAME_PX + ROW_PX * len(names),
        "margin": {"l": 92, "r": 12, "t": 12, "b": 48},
        "showlegend": False,
        "hovermode": "closest",
        "xaxis": {**axis("Share of the time (%)"), "rangemode": "tozero", "fixedrange": True},
        "yaxis": {
            **axis(""),
            **ASIDE,
            "autorange": "reversed",
            "fixedrange": True,
            "showgrid": False,
            "categoryarray": names,
        },
    }
    return {"data": [bars, rings], "layout": look}


def time_text(summary: Summary) -> str:
    """The chart in a sentence."""
    ranked = sorted((m for m in summary.moods if m.seconds > 0), key=lambda m: -m.seconds)[:3]
    if not ranked:
        return "Time per emotion: nothing was recorded."
    parts = ", ".join(f"{words.mood_name(m.name).lower()} {words.per_cent(m.share.value)}" for m in ranked)
    return f"Time per emotion, calm reading: {parts} of the time."


def _points(shares: Sequence[TimeShare], names: list[str], series: str) -> dict[str, Any]:
    estimates = [share.share for share in shares]
    return {
        "x": [round(100 * e.value, 2) for e in estimates],
        "y": names,
        "error_x": whiskers([_hundredfold(e) for e in estimates]),
        "customdata": [f"{words.clock(s.seconds)} min:s<br>{words.share_interval(s.share)}" for s in shares],
        "hovertemplate": "%{y}: %{x:.1f} %<br>%{customdata}<extra>" + series + "</extra>",
    }


def whiskers(estimates: Sequence[Estimate | None]) -> dict[str, Any]:
    """The intervals as Plotly's error bars; no length where there is none."""
    upper = [e.high - e.value if e is not None and e.high is not None else 0.0 for e in estimates]
    lower = [e.value - e.low if e is not None and e.low is not None else 0.0 for e in estimates]
    return {
        "type": "data",
        "symmetric": False,
        "array": [round(max(0.0, v), 4) for v in upper],
        "arrayminus": [round(max(0.0, v), 4) for v in lower],
        "color": f"var({INK})",
        "thickness": 1.6,
        "width": 4,
    }


def _hundredfold(e: Estimate) -> Estimate:
    return Estimate(100 * e.value, None if e.low is None else 100 * e.low, None if e.high is None else 100 * e.high)


def _colour(name: str) -> str:
    return f"var({css_variable(Emotion(name))})" if name in EMOTIONS else f"var({FAINT})"
