"""One kept session on the page: head, chart with lanes, thresholds, marks, and the summary beside it."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from emrs_core.timeline.store import KeptSessions
from emrs_core.ui import hooks, style
from emrs_core.ui.state import Visit
from emrs_core.ui.timeline.session.chart_view import draw_review_chart
from emrs_core.ui.timeline.session.choice import Review
from emrs_core.ui.timeline.session.controls import draw_controls
from emrs_core.ui.timeline.session.edit_view import draw_add, draw_chosen
from emrs_core.ui.timeline.session.episodes_view import draw_episodes
from emrs_core.ui.timeline.session.head import draw_head
from emrs_core.ui.timeline.session.history_view import draw_history, draw_marks
from emrs_core.ui.timeline.session.opened import OpenSession
from emrs_core.ui.timeline.session.thresholds import episodes_of
from emrs_core.ui.timeline.summary_view import draw_summary
from emrs_core.ui.wall import fragment, wall

FOLLOW_S: Final = 3.0
"""A running session is looked at again so often; it is written every second or so."""
NO_SAMPLES: Final = (
    "No reading of a face was kept in this session, so there are no curves. What happened in it stands in the lanes."
)
NO_FACE: Final = "A face could not be read anywhere in this session, so there are no curves."
ALL_EXCLUDED: Final = "All of this session is left out: no figure counts it. The curves stay for you to see."


def draw_session(visit: Visit, store: KeptSessions, session_id: str) -> None:
    """The whole view. Raises TimelineNotFound and StoreUnavailable. Script thread.

    The session is read when it is opened, and then what was added to it; zooming and following redraw a part.
    """
    style.draw_sheet("review")
    (timeline,) = visit.shown.read(store, [session_id])
    session = OpenSession(store, timeline)
    if visit.review.session_id != session_id:
        visit.review = Review(session_id, visit.viewer.owns(session.history.info))
    with wall("session-head"):
        draw_head(session)
    fragment(
        "session-chart", partial(_draw_chart, session, visit.review), run_every_s=FOLLOW_S if session.running else None
    )
    draw_summary(session.history, visit.review.less_baseline)


def _draw_chart(session: OpenSession, review: Review) -> None:
    _follow(session)
    with st.container(key=hooks.SESSION_CHART):
        draw_controls(session, review)
        problem = chart_problem(session)
        if problem:
            st.info(problem, icon=":material/info:")
        found = episodes_of(session, review)
        draw_review_chart(session, review, found)
        draw_episodes(review, found)
    with st.container(key=hooks.SESSION_MARKS):
        left, right = st.columns(2, gap="large")
        with left:
            draw_add(session, review)
        with right:
            draw_chosen(session, review)
        draw_marks(session, review)
        draw_history(session)


def _follow(session: OpenSession) -> None:
    """A running session grows under the eyes; once it is over the page says so."""
    if not session.running:
        return
    session.refresh()
    if not session.running:
        st.rerun()


def chart_problem(session: OpenSession) -> str:
    """Why there are no curves, or none that count; empty when there are."""
    samples = session.now.samples
    if not len(samples):
        return NO_SAMPLES
    if not samples.valid.any():
        return NO_FACE
    whole = session.whole
    covered = any(s.start_s <= max(0.0, whole.start_s) and s.end_s >= float(samples.t_s[-1]) for s in session.excluded)
    return ALL_EXCLUDED if covered else ""
