"""What to draw of a session: the controls above its chart."""

from __future__ import annotations

from typing import Final

import streamlit as st

from emrs_core.errors import EmrsError
from emrs_core.timeline.neutral_face import earlier_neutral_face, source_of
from emrs_core.ui import hooks
from emrs_core.ui.timeline.session.chart import PLANE
from emrs_core.ui.timeline.session.choice import Form, Readings, Review, Threshold
from emrs_core.ui.timeline.session.edit_view import append_edit
from emrs_core.ui.timeline.session.opened import OpenSession
from emrs_core.ui.timeline.session.thresholds import SERIES, SERIES_NAMES, USUAL, threshold_words

BASELINE_HELP: Final = (
    "Readings less those of this person's neutral face, from the calibration. What was read stays, faint, behind it."
)
EARLIER_HELP: Final = (
    "No neutral face was taken in this session. This looks for the one that the participant showed last before it."
)
NO_EARLIER: Final = "No session of this participant before this one has a neutral face that the same network read."
SIDES: Final = {True: "Above", False: "Below"}


def draw_controls(session: OpenSession, review: Review) -> None:
    """Smoothed or raw, lines or areas, less the baseline, and a threshold."""
    with st.container(key=hooks.SESSION_CONTROLS, horizontal=True, vertical_alignment="bottom", gap="medium"):
        review.readings = st.segmented_control(
            "Probabilities", list(Readings), default=review.readings, required=True, key=hooks.SESSION_READINGS
        )
        review.form = st.segmented_control(
            "Drawn as",
            list(Form),
            default=review.form,
            required=True,
            key=hooks.SESSION_FORM,
            disabled=review.less_baseline,
            help="Differences cannot be stacked." if review.less_baseline else None,
        )
        _draw_threshold(review)
        if session.baseline is not None:
            _draw_baseline(review)
        elif review.own and session.history.info.participant:
            _draw_earlier(session)


def _draw_baseline(review: Review) -> None:
    less = st.toggle(
        "Less the neutral face", value=review.less_baseline, key=hooks.SESSION_BASELINE, help=BASELINE_HELP
    )
    if less != review.less_baseline:
        review.less_baseline = less
        st.rerun()  # the figures beside the chart follow too


def _draw_earlier(session: OpenSession) -> None:
    """The way to the neutral face that the participant showed in an earlier session."""
    info = session.history.info
    if not st.button("Earlier neutral face", key=hooks.SESSION_EARLIER, icon=":material/face:", help=EARLIER_HELP):
        return
    try:
        found = earlier_neutral_face(session.store, info.participant, info.started_at, source_of(session.history))
        if found is None:
            st.toast(NO_EARLIER, icon=":material/face_retouching_off:")
        else:
            append_edit(session, found, "Their earlier neutral face counts here now.")
    except EmrsError as exc:
        st.error(str(exc), icon=":material/error:")


def _draw_threshold(review: Review) -> None:
    words = threshold_words(review.threshold) if review.threshold else "Threshold"
    with st.popover(words, icon=":material/horizontal_rule:", key=hooks.SESSION_THRESHOLD):
        chosen = st.selectbox(
            "Mark the episodes in which",
            SERIES,
            index=None,
            format_func=SERIES_NAMES.__getitem__,
            placeholder="No threshold",
            key=f"{hooks.SESSION_THRESHOLD}-series",
        )
        if chosen is None:
            review.threshold = None
            st.caption("An episode is at least 1 s long. Breaks up to 0.5 s are bridged, gaps never.")
            return
        above = st.segmented_control(
            "is",
            list(SIDES),
            default=True,
            format_func=SIDES.__getitem__,
            required=True,
            key=f"{hooks.SESSION_THRESHOLD}-side",
        )
        review.threshold = Threshold(chosen, _level(chosen, review.less_baseline), bool(above))


def _level(series: str, less_baseline: bool) -> float:
    key = f"{hooks.SESSION_THRESHOLD}-level-{series}"
    if series in PLANE:
        reach = 2.0 if less_baseline else 1.0
        return st.slider("Value", -reach, reach, USUAL[series], 0.05, key=f"{key}-{reach:g}")
    low = -100 if less_baseline else 0
    return st.slider("Probability (%)", low, 100, round(USUAL[series] * 100), 5, key=f"{key}-{low}") / 100
