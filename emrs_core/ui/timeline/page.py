"""The Timelines page: all kept sessions, several side by side, or the one that the address names."""

from __future__ import annotations

from typing import Final

import streamlit as st

from emrs_core.errors import TimelineNotFound
from emrs_core.timeline.access.viewer import Role, Viewer
from emrs_core.timeline.store import KeptSessions
from emrs_core.ui import hooks, state, style
from emrs_core.ui.chart_view import load_ahead
from emrs_core.ui.sign_in.way_in import draw_offer
from emrs_core.ui.state import Visit
from emrs_core.ui.timeline import compare_view, files_view, import_view, list_view, people_view
from emrs_core.ui.timeline.choice import PARAMETER
from emrs_core.ui.timeline.session_view import draw_session
from emrs_core.ui.wall import wall

SESSIONS, COMPARE, PEOPLE = "Sessions", "Compare", "People and studies"
VIEWS: Final = (SESSIONS, COMPARE, PEOPLE)
SUBTITLE: Final = "Sessions that were kept: what the face showed, which songs were on, and what people said themselves."
GUEST_NOTE: Final = (
    "You see the sessions of this visit alone. They are in this server's memory and **end with the visit**: export "
    "them before leaving."
)
PERSON_NOTE: Final = "You see the sessions that you kept here while signed in. They stay until you delete them."
REVIEWER_NOTE: Final = (
    "You see your own sessions and, as a reviewer, those of all studies. In other people's sessions you can mark, note "
    "and exclude, and name condition and tags; only they can delete them."
)
GONE: Final = "There is no such session here. It may have been deleted, or it belongs to somebody else."


def draw() -> None:
    """The page."""
    visit = state.visit()
    style.draw_sheet("timelines")
    style.draw_sheet("summary")  # its tables
    session_id = st.query_params.get(PARAMETER)
    with st.container(key=hooks.TIMELINES), wall("timelines"):
        if not session_id:
            st.title("Timelines")  # before the store, which may not open
        store = state.sessions(visit)
        if session_id:
            _draw_one(visit, store, session_id)
        else:
            _draw_all(visit, store)


def note_for(viewer: Viewer) -> str:
    """Whose sessions are seen here; nothing for the owner of the machine, who sees all."""
    if viewer.role is Role.OWNER:
        return ""
    if viewer.role is Role.GUEST:
        return GUEST_NOTE
    return REVIEWER_NOTE if viewer.reviewer else PERSON_NOTE


def _draw_one(visit: Visit, store: KeptSessions, session_id: str) -> None:
    try:
        info = store.info(session_id)
    except TimelineNotFound:
        visit.shown.forget()
        _draw_back()
        st.warning(GONE, icon=":material/search_off:")
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        _draw_back()
        with st.container(horizontal=True, width="content", gap="small"):
            files_view.draw_actions(visit, store, (info,), store.list())
    with wall("session"):
        draw_session(visit, store, session_id)


def _draw_back() -> None:
    """A link to a page without parameters would leave those of the address as they are, so it is a button."""
    if st.button("All sessions", key=hooks.TIMELINES_BACK, icon=":material/arrow_back:", type="tertiary"):
        st.query_params.clear()
        st.rerun()


def _draw_all(visit: Visit, store: KeptSessions) -> None:
    st.markdown(SUBTITLE)
    note = note_for(visit.viewer)
    if note:
        st.info(note, icon=":material/info:")
    draw_offer(visit)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.session_state.setdefault(hooks.TIMELINES_VIEW, SESSIONS)  # a default beside it would be one too many
        view = st.segmented_control(
            "View", VIEWS, required=True, label_visibility="collapsed", key=hooks.TIMELINES_VIEW,
            persist_state="session",
        )  # fmt: skip
        import_view.draw_import(visit, store)
    import_view.draw_told(visit)
    if view != COMPARE:
        visit.shown.forget()
    if view == COMPARE:
        with wall("compare"):
            compare_view.draw_compare(visit, store)
    elif view == PEOPLE:
        people_view.draw_people(visit, store)
    else:
        list_view.draw_list(visit, store, _compare)
    load_ahead("timelines-ahead")


def _compare() -> None:
    """Go to the comparison. Runs before the redraw."""
    st.session_state[hooks.TIMELINES_VIEW] = COMPARE
