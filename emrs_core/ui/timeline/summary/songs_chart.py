"""Around each song: where the face was before, during and after it, as a Plotly figure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, Final

from emrs_core.timeline.statistics.bootstrap import Estimate
from emrs_core.timeline.statistics.songs import Change, SongChange
from emrs_core.ui.figures import ASIDE, Figure, axis, layout, line_trace
from emrs_core.ui.palette import ACCENT, INK
from emrs_core.ui.timeline.summary.time_chart import whiskers

SHOWN: Final = 24
"""Songs in the figure; of more, those that moved most. The table has all."""
ROW_PX: Final = 34
FRAME_PX: Final = 110
TITLE_CHARACTERS: Final = 20
RANGE: Final = [-1.08, 1.08]
"""The whole plane in every session, so that figures can be laid side by side."""
AXES: Final = {
    "valence": "Valence: unpleasant – pleasant",
    "arousal": "Arousal: calm – energetic",
}


def songs_chart(songs: Sequence[SongChange], dimension: str) -> Figure:
    """A row a song: a ring before, an arrow's line to the dot during, a diamond after. ``dimension`` is a key of AXES.

    The whisker at the dot is the interval of the change from before to during.
    """
    shown = drawn(songs, dimension)
    changes = [change_of(song, dimension) for _, song in shown]
    rows = list(range(len(shown)))
    ink, accent = f"var({INK})", f"var({ACCENT})"
    ring = {"symbol": "circle-open", "size": 11, "color": ink, "line": {"width": 2}}
    data = [
        _links(changes),
        _dots("before", [c.before for c in changes], ring),
        _dots("during", [c.during for c in changes], {"size": 11, "color": accent}, [_moved(c) for c in changes]),
        _dots("after", [c.after for c in changes], {"symbol": "diamond-open", "size": 10, "color": ink}),
    ]
    look = {
        **layout(),
        "height": FRAME_PX + ROW_PX * len(rows),
        "margin": {"l": 12, "r": 12, "t": 32, "b": 56},
        "legend": {"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0, "font": {"size": 12}},
        "hovermode": "closest",
        "xaxis": {**axis(AXES[dimension]), "zeroline": True, "zerolinewidth": 2, "fixedrange": True, "range": RANGE},
        "yaxis": {
            **axis(""), **ASIDE, "automargin": True, "fixedrange": True, "showgrid": False,
            "range": [len(rows) - 0.5, -0.5], "tickvals": rows,
            "ticktext": [label(number, song) for number, song in shown],
        },
    }  # fmt: skip
    return {"data": data, "layout": look}


def songs_text(songs: Sequence[SongChange], dimension: str) -> str:
    """The figure in a sentence: how many songs went with a rise and how many with a fall."""
    moved = [d.value for song in songs if (d := change_of(song, dimension).during_less_before) is not None]
    if not moved:
        return f"{dimension.capitalize()} around songs: too little of the face was seen before or during them."
    up = sum(value > 0 for value in moved)
    return (
        f"{dimension.capitalize()} was higher during than before in {up} of {len(moved)} "
        f"{'song' if len(moved) == 1 else 'songs'}."
    )


def change_of(song: SongChange, dimension: str) -> Change:
    """The change in that dimension."""
    return song.valence if dimension == "valence" else song.arousal


def drawn(songs: Sequence[SongChange], dimension: str) -> list[tuple[int, SongChange]]:
    """The songs that the figure shows, with their numbers from 1, in order of time."""
    numbered = list(enumerate(songs, 1))
    if len(numbered) <= SHOWN:
        return numbered
    most = sorted(numbered, key=lambda pair: -_size(change_of(pair[1], dimension)))[:SHOWN]
    return sorted(most, key=lambda pair: pair[0])


def label(number: int, song: SongChange) -> str:
    """A song's number and title as an axis can show it."""
    title = song.song.title or song.song.track_id
    short = title if len(title) <= TITLE_CHARACTERS else f"{title[: TITLE_CHARACTERS - 1].rstrip()}…"
    return f"{number}. {escape(short, quote=False)}"


def _size(change: Change) -> float:
    return -1.0 if change.during_less_before is None else abs(change.during_less_before.value)


def _moved(change: Change) -> Estimate | None:
    """The interval of the change, laid at the place that it led to."""
    moved = change.during_less_before
    if moved is None or change.before is None or moved.low is None or moved.high is None:
        return None
    return Estimate(change.before + moved.value, change.before + moved.low, change.before + moved.high)


def _links(changes: Sequence[Change]) -> dict[str, Any]:
    xs: list[float] = []
    ys: list[float | None] = []
    for row, change in enumerate(changes):
        if change.before is not None and change.during is not None:
            xs += [change.before, change.during, change.during]
            ys += [row, row, None]
    return line_trace(xs, ys, {"color": f"var({ACCENT})", "width": 4}, opacity=0.6, hoverinfo="skip")


def _dots(
    name: str, places: Sequence[float | None], marker: dict[str, Any], errors: Sequence[Estimate | None] = ()
) -> dict[str, Any]:
    known = [(place, row) for row, place in enumerate(places) if place is not None]
    trace = {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [round(place, 4) for place, _ in known],
        "y": [row for _, row in known],
        "marker": marker,
        "hovertemplate": "%{x:+.2f}<extra>" + name + "</extra>",
    }
    if errors:
        trace["error_x"] = whiskers([errors[row] for _, row in known]) | {"thickness": 1}
    return trace
