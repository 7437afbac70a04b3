"""Which mood followed which, as a heatmap."""

from __future__ import annotations

from typing import Any, Final

from emrs_core.timeline.samples import MOOD_NAMES
from emrs_core.timeline.statistics.transitions import Transitions
from emrs_core.ui.figures import ASIDE, HEAT_SCALE, Figure, axis, layout
from emrs_core.ui.palette import INK
from emrs_core.ui.timeline.summary import words

HEIGHT_PX: Final = 400


def moves_chart(moves: Transitions) -> Figure:
    """Rows are what was left, columns what came; each cell has the count and the share of the ways out of its row.

    Moods that neither began nor ended a change are left out.
    """
    used = _used(moves)
    names = [words.mood_name(MOOD_NAMES[k]) for k in used]
    counts = [[moves.counts[i][j] for j in used] for i in used]
    shares = [[round(100 * moves.probabilities[i][j]) for j in used] for i in used]
    cells = {
        "type": "heatmap",
        "x": names,
        "y": names,
        "z": shares,
        "customdata": counts,
        "text": [[_cell(n, s) for n, s in zip(*row, strict=True)] for row in zip(counts, shares, strict=True)],
        "texttemplate": "%{text}",
        "textfont": {"size": 11, "color": f"var({INK})"},
        "zmin": 0,
        "zmax": 100,
        "xgap": 2,
        "ygap": 2,
        "colorscale": HEAT_SCALE,
        "showscale": False,
        "hovertemplate": "%{y} → %{x}: %{customdata} times,<br>%{z} % of the ways out of it<extra></extra>",
    }
    return {"data": [cells], "layout": _look()}


def moves_text(moves: Transitions) -> str:
    """The most frequent changes in a sentence."""
    found = [
        (moves.counts[i][j], moves.probabilities[i][j], MOOD_NAMES[i], MOOD_NAMES[j])
        for i in range(len(MOOD_NAMES))
        for j in range(len(MOOD_NAMES))
        if moves.counts[i][j]
    ]
    if not found:
        return words.NO_CHANGES
    times = {1: "time"}
    parts = "; ".join(
        f"{words.mood_name(a)} → {words.mood_name(b)} {count} {times.get(count, 'times')} ({words.per_cent(share)})"
        for count, share, a, b in sorted(found, key=lambda f: (-f[0], -f[1]))[:3]
    )
    return f"Most frequent: {parts}."


def _used(moves: Transitions) -> list[int]:
    return [k for k, row in enumerate(moves.counts) if sum(row) or any(other[k] for other in moves.counts)]


def _cell(count: int, share: int) -> str:
    return f"{count}<br>{share} %" if count else ""


def _look() -> dict[str, Any]:
    flat = {"fixedrange": True, "showgrid": False, "ticks": ""}
    return {
        **layout(),
        "height": HEIGHT_PX,
        "margin": {"l": 84, "r": 8, "t": 12, "b": 76},
        "xaxis": {**axis(""), **flat, "tickangle": -40},
        "yaxis": {**axis(""), **flat, **ASIDE, "autorange": "reversed"},
    }
