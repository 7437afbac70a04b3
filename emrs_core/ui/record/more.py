"""What stands behind the row: not keeping the session, and what a researcher sets."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import streamlit as st

from emrs_core.timeline.access import Role
from emrs_core.timeline.habits import AskedWhen
from emrs_core.ui import camera, hooks, state
from emrs_core.ui.record import calibration_view
from emrs_core.ui.record.desk import RecordDesk
from emrs_core.ui.record.facts_view import draw_facts
from emrs_core.ui.record.keeping_view import draw_keeping
from emrs_core.ui.record.keys_view import draw_keys
from emrs_core.ui.record.link import draw_link
from emrs_core.ui.record.neutral_face import neutral_face_sentence
from emrs_core.ui.state import Visit

ASKED: Final = {
    AskedWhen.OFTEN: "Before, after, and now and then between",
    AskedWhen.ENDS: "Before and after",
    AskedWhen.NEVER: "Never",
}
CALIBRATE_HELP: Final = (
    "Ten seconds of a relaxed face, looking at a dot. Readings can then be shown less those of the neutral face."
)


def draw_more() -> None:
    """The popover; nothing before there is an agreement."""
    visit = state.visit()
    if state.agreement(visit) is None:
        return
    if visit.record.session_id != visit.keep.session_id:
        visit.record.follow(visit.keep.session_id)
        st.rerun()  # a button here began or ended a session: the row and what is asked have to show it
    with st.popover("Session", key=hooks.RECORD_MORE, icon=":material/tune:"):
        draw_keeping(visit)
        draw_link(visit)
        if visit.keep.session_id is None:
            return
        _draw_asking(visit)
        with st.expander("Labels and keys", icon=":material/flag:"):
            draw_keys(visit.record)
        if visit.record.habits_problem is not None:
            st.warning(visit.record.habits_problem, icon=":material/save:")
        if visit.viewer.role is not Role.GUEST:
            with st.expander("Study and participant", icon=":material/badge:"):
                draw_facts(visit)
        help_text = "This session is over, and the next one begins: for the next person, or another try."
        st.button(
            "End it, begin the next",
            key=hooks.NEXT_SESSION,
            icon=":material/restart_alt:",
            help=help_text,
            on_click=begin_next,
            args=(visit,),
        )


def begin_next(visit: Visit) -> None:
    """End this session and begin the next in the same study; whose it is, and its condition, has to be said anew."""
    visit.keep.end()
    visit.keep.describe(replace(visit.keep.facts, participant="", condition="", title=""))
    record = state.agreement(visit)
    if record is not None:
        visit.keep.begin(record)


def _draw_asking(visit: Visit) -> None:
    desk = visit.record
    with st.container(horizontal=True, gap="small"):
        wants = st.button("Say how I feel", key=hooks.REPORT_NOW, icon=":material/sentiment_satisfied:")
        calibrates = st.button(
            "Neutral face",
            key=hooks.CALIBRATE,
            icon=":material/face:",
            help=CALIBRATE_HELP,
            disabled=not camera.state().playing,
        )
    if told := neutral_face_sentence(visit):
        st.caption(told)
    if wants:
        desk.asking.want()
    if calibrates:
        calibration_view.begin(visit)
    if wants or calibrates:
        st.rerun()  # the question stands below the row
    st.session_state[hooks.REPORT_OFTEN] = desk.habits.asked  # the question itself has a button that changes it
    st.selectbox(
        "Ask me how I feel",
        list(AskedWhen),
        format_func=ASKED.__getitem__,
        key=hooks.REPORT_OFTEN,
        on_change=_ask_when,
        args=(desk,),
    )


def _ask_when(desk: RecordDesk) -> None:
    desk.get_used_to(replace(desk.habits, asked=AskedWhen(st.session_state[hooks.REPORT_OFTEN])))
