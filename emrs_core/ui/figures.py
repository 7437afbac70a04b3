"""What our Plotly figures share: axes, lines, dots, and colours that follow the theme.

Figures are plain ``{"data", "layout"}`` (building validated graph objects would cost 20 ms of each redraw; a test
validates them instead). Colours are CSS variables, which the chart component turns into the theme's colours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from emrs_core.types import AffectPoint, MoodKind
from emrs_core.ui.palette import FAINT, GROUND, HEAT, INK

Figure = dict[str, Any]

HEIGHT_PX: Final = 330
HEAT_SCALE: Final = ((0, f"var({GROUND})"), (1, f"var({HEAT})"))
"""Of a heatmap, from nothing to all; what stands in its cells is written in ink."""
ASIDE: Final = {"ticks": "outside", "ticklen": 6, "tickcolor": "rgba(0,0,0,0)"}
"""Room between an axis and its names: ticks that nobody sees."""
SEEN: Final = (MoodKind.EMOTION, MoodKind.UNSURE)
"""The kinds of mood whose reading is drawn; in the others nothing was read."""


def layout() -> dict[str, Any]:
    """The look of every chart; ``uirevision`` keeps the person's zoom while the data grow."""
    return {
        "height": HEIGHT_PX,
        "font": {"color": f"var({INK})"},
        "margin": {"l": 56, "r": 12, "t": 12, "b": 48},
        "uirevision": "stay",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hoverlabel": {"bgcolor": f"var({GROUND})", "font": {"color": f"var({INK})"}},
    }


def axis(title: str) -> dict[str, Any]:
    """An axis with its title and unit."""
    return {
        "title": {"text": title, "font": {"size": 13}},
        "tickfont": {"size": 12},
        "gridcolor": f"var({FAINT})",
        "zerolinecolor": f"var({FAINT})",
        "zerolinewidth": 3,
        "zeroline": False,
    }


def line_trace(xs: list[float], ys: list[float | None], line: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A line through points; None leaves a gap."""
    return {"type": "scatter", "mode": "lines", "x": xs, "y": ys, "line": line, "showlegend": False, **more}


def dot_trace(points: Sequence[AffectPoint], marker: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Dots on the plane."""
    xs, ys = [p.valence for p in points], [p.arousal for p in points]
    return {"type": "scatter", "mode": "markers", "x": xs, "y": ys, "marker": marker, **more}
