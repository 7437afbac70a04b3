"""Several sessions laid over each other, and their figures side by side. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emrs_core.timeline.comparing import Axis, ComparedFigure, Quantity
from emrs_core.timeline.downsample import Line
from emrs_core.timeline.samples import MOOD_NAMES
from emrs_core.timeline.statistics.bootstrap import Estimate
from emrs_core.types import Emotion
from emrs_core.ui import words
from emrs_core.ui.figures import Figure, axis, layout, line_trace
from emrs_core.ui.palette import css_variable
from emrs_core.ui.timeline.summary.words import UNKNOWN, clock, mood_name, per_cent, plain, signed

COLOURS: Final = (Emotion.SAD, Emotion.ANGRY, Emotion.DISGUST, Emotion.FEAR, Emotion.HAPPY, Emotion.SURPRISE)
"""Whose colours the sessions borrow: they stay apart for colour-blind people too, and mean no emotion here."""
MOST: Final = len(COLOURS)
HEIGHT_PX: Final = 400
MINUTE_S: Final = 60.0
PER_CENT: Final = 100.0
DIGITS: Final = {"plane": 2, "plane a minute": 3, "squared plane": 4, "a minute": 1, "songs": 0, "": 2}
"""After the point, of a figure of that unit and of its difference: as on the session's own page."""
SIGNED: Final = ("plane", "plane a minute", "")
"""The units of figures that can be on either side of zero."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One session's line under its name."""

    name: str
    line: Line


def quantity_name(quantity: Quantity) -> str:
    """As it stands in a choice and at the axis."""
    return words.EMOTION_NAMES[quantity] if isinstance(quantity, Emotion) else quantity.capitalize()


def curves_chart(curves: Sequence[Curve], quantity: Quantity) -> Figure:
    """Each session on the minutes since it began; gaps stay open."""
    scale, title, span = (1.0, f"{quantity_name(quantity)} (−1 to 1)", [-1.05, 1.05])
    if isinstance(quantity, Emotion):
        scale, title, span = PER_CENT, f"{quantity_name(quantity)} (%)", [0, 102]
    data = [_trace(place, curve, scale) for place, curve in enumerate(curves)]
    ends = [end for place, curve in enumerate(curves) if (end := _end(place, curve, scale)) is not None]
    look = {
        **layout(),
        "height": HEIGHT_PX,
        "hovermode": "closest",
        "uirevision": str(quantity),
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": 12}},
        "xaxis": {**axis("Minutes since the session began"), "rangemode": "tozero"},
        "yaxis": {**axis(title), "range": span, "zeroline": not isinstance(quantity, Emotion), "fixedrange": True},
        "annotations": ends,
    }
    return {"data": data, "layout": look}


def curves_text(curves: Sequence[Curve], quantity: Quantity) -> str:
    """The chart in a sentence, for those who do not see it."""
    parts = []
    for curve in curves:
        known = curve.line.value[~np.isnan(curve.line.value)]
        parts.append(f"{curve.name}: {_range(known, quantity) if len(known) else 'nothing read'}")
    return f"{quantity_name(quantity)} of {len(curves)} sessions on the time since each began. {'; '.join(parts)}."


def figures_html(names: Sequence[str], figures: Sequence[ComparedFigure]) -> str:
    """A row a figure: each session's, and from the second one on the difference to the first."""
    heads = [_head(place, name) + ("<th>Difference</th>" if place else "") for place, name in enumerate(names)]
    body = "".join(
        f'<tr><th scope="row">{escape(_figure_name(figure))}</th>{_cells(figure, len(names))}</tr>'
        for figure in figures
    )
    return (
        '<div class="emrs-table-frame" tabindex="0"><table class="emrs-table emrs-compared"><caption>Figures side by '
        f"side</caption><thead><tr><td></td>{''.join(heads)}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _trace(place: int, curve: Curve, scale: float) -> dict[str, Any]:
    look = COLOURS[place % MOST]
    line = {"color": f"var({css_variable(look)})", "width": 1.8}  # never dashed: that would look like gaps
    minutes = np.round(curve.line.t_s / MINUTE_S, 4).tolist()
    values = [None if np.isnan(value) else round(scale * value, 3) for value in curve.line.value.tolist()]
    hover = "%{x:.1f} min: %{y:.2f}<extra>" + escape(curve.name) + "</extra>"
    name = f"{place + 1}: {escape(curve.name)}"
    return line_trace(minutes, values, line, name=name, hovertemplate=hover, showlegend=True)


def _end(place: int, curve: Curve, scale: float) -> dict[str, Any] | None:
    """The session's number where its line ends, so that colour is not the only sign; None where nothing was read."""
    known = np.flatnonzero(~np.isnan(curve.line.value))
    if not len(known):
        return None
    t_s, value = float(curve.line.t_s[known[-1]]), float(curve.line.value[known[-1]])
    colour = f"var({css_variable(COLOURS[place % MOST])})"
    spot = {"x": t_s / MINUTE_S, "y": scale * value, "xanchor": "left", "xshift": 3, "showarrow": False}
    return {**spot, "text": f"<b>{place + 1}</b>", "font": {"size": 14, "color": colour}}


def _range(known: NDArray[np.float64], quantity: Quantity) -> str:
    low, high = float(np.min(known)), float(np.max(known))
    if isinstance(quantity, Axis):
        return f"from {signed(low)} to {signed(high)}"
    return f"from {per_cent(low)} to {per_cent(high)}"


def _head(place: int, name: str) -> str:
    colour = f"var({css_variable(COLOURS[place % MOST])})"
    dot = f'<span class="emrs-series" style="--emrs-series: {colour}"></span>'
    return f'<th scope="col">{dot}{place + 1}: {escape(name)}</th>'


def _figure_name(figure: ComparedFigure) -> str:
    kind, _, name = figure.name.partition(" ")
    if kind == "time" and name in MOOD_NAMES:
        return f"Time: {mood_name(name).lower()}"
    return figure.name.capitalize()


def _cells(figure: ComparedFigure, count: int) -> str:
    cells = []
    for place in range(count):
        cells.append(f"<td>{_estimate(figure.values[place], figure.unit)}</td>")
        if place:
            cells.append(f'<td class="emrs-difference">{_difference(figure.difference(place), figure.unit)}</td>')
    return "".join(cells)


def _estimate(estimate: Estimate | None, unit: str) -> str:
    if estimate is None:
        return UNKNOWN
    text = _number(estimate.value, unit)
    if estimate.low is None or estimate.high is None:
        return text
    return f"{text}<small>{_number(estimate.low, unit)} to {_number(estimate.high, unit)}</small>"


def _number(value: float, unit: str) -> str:
    if unit == "share":
        return per_cent(value)
    if unit == "s":
        return clock(value)
    write = signed if unit in SIGNED else plain
    return write(value, DIGITS[unit])


def _difference(value: float | None, unit: str) -> str:
    if value is None:
        return UNKNOWN
    if unit == "share":
        word = "point" if abs(round(PER_CENT * value)) == 1 else "points"
        return f"{signed(PER_CENT * value, 0)} {word}"
    if unit == "s":
        return ("−" if value < 0 else "+" if value else "") + clock(abs(value))
    return signed(value, DIGITS[unit])
