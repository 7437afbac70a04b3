"""The chart of a session on the page: our own component, which tells the server where one looks and what one clicks."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import streamlit as st

from emrs_core.timeline.downsample import thin
from emrs_core.timeline.intervals import Span
from emrs_core.timeline.statistics.episodes import Episode
from emrs_core.ui.component import component
from emrs_core.ui.routes import plotly_address
from emrs_core.ui.timeline.session.chart import hole_of, session_chart
from emrs_core.ui.timeline.session.choice import Review
from emrs_core.ui.timeline.session.lanes import lanes
from emrs_core.ui.timeline.session.opened import OpenSession, curves
from emrs_core.ui.times import clock

KEY: Final = "session-timeline"
SCRIPTS: Final = ("plotly", "timeline-time", "timeline-lanes", "timeline-overview")
CONFIG: Final = {"displayModeBar": False, "scrollZoom": False, "showTips": False, "doubleClick": False}
OVERVIEW_POINTS: Final = 400
WORDS: Final = {
    "tools": "Zoom and pan",
    "legend": "Curves: press one to hide or show it",
    "whole": "Whole session",
    "in": "Zoom in",
    "out": "Zoom out",
    "back": "Earlier",
    "on": "Later",
    "from": "Start of the stretch shown",
    "to": "End of the stretch shown",
}


def draw_review_chart(session: OpenSession, review: Review, episodes: tuple[Episode, ...]) -> None:
    """Draw or update it. What is done there changes ``review`` before the redraw."""

    def told(what: str) -> None:
        hear(session, review, what, st.session_state[KEY].get(what))

    component("timeline", *SCRIPTS)(
        key=KEY,
        data=chart_data(session, review, episodes),
        on_view_change=lambda: told("view"),
        on_pick_change=lambda: told("pick"),
        on_moment_change=lambda: told("moment"),
    )


def chart_data(session: OpenSession, review: Review, episodes: tuple[Episode, ...]) -> dict[str, Any]:
    """What the component draws."""
    view = session.view(review.view)
    return {
        "session": session.history.info.id,
        "script": plotly_address(),
        "config": CONFIG,
        "words": WORDS,
        "alt": chart_text(session, view),
        "whole": [session.whole.start_s, session.whole.end_s],
        "view": [view.start_s, view.end_s],
        "jump": review.jumps,
        "moment": review.moment_s,
        "chosen": review.chosen,
        "figure": session_chart(session, review),
        "lanes": lanes(session, view, episodes, review.threshold),
        "overview": {"line": _overview(session), "songs": [[s.span.start_s, s.span.end_s] for s in session.songs]},
    }


def chart_text(session: OpenSession, view: Span) -> str:
    """The chart in a sentence, for those who do not see it."""
    what = f"Emotion, valence and arousal from {clock(view.start_s)} to {clock(view.end_s)}"
    return (
        f"{what}, with {len(session.songs)} songs. Plus and minus zoom, the arrow keys move, 0 shows the whole session."
    )


def _overview(session: OpenSession) -> list[list[float | None]]:
    read = curves(session.now.samples, raw=False)
    hole_s = hole_of(session.whole, OVERVIEW_POINTS)
    (line,) = thin(read.t_s, read.point[:, :1], OVERVIEW_POINTS, hole_s=hole_s)
    return [
        [round(t_s, 2), None if np.isnan(value) else round(value, 2)]
        for t_s, value in zip(line.t_s.tolist(), line.value.tolist(), strict=True)
    ]


def hear(session: OpenSession, review: Review, what: str, said: Any) -> None:
    """Take what the component told (``view``, ``pick`` or ``moment``); nothing for an empty message."""
    if not said:
        return
    if what == "view":
        wanted = session.view(Span(float(said["start"]), float(said["end"])))
        review.view = None if wanted == session.whole else wanted
    elif what == "pick":
        review.chosen = None if review.chosen == said["id"] else str(said["id"])
    else:
        review.moment_s = float(said["t"])
