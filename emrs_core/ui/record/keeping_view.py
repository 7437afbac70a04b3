"""Whether this session is kept, in words, and the way to say no."""

from __future__ import annotations

from typing import Final

import streamlit as st

from emrs_core.timeline.access import Role
from emrs_core.timeline.recorder import RecorderState
from emrs_core.ui import hooks, state
from emrs_core.ui.state import Visit

KEPT = {
    Role.OWNER: "This session is kept on this machine, from the first reading on.",
    Role.GUEST: "This session is kept in this server's memory and ends with your visit.",
    Role.PERSON: "This session is kept on this server under your account, from the first reading on.",
}
DECLINED: Final = "This session is **not kept**: what was written of it is erased."


def draw_keeping(visit: Visit) -> None:
    """One line and one button. Nothing before there is an agreement: then nothing is kept."""
    if state.agreement(visit) is None:
        return
    if visit.keep.declined:
        st.markdown(_why_not(visit))
        st.button("Keep it from now on", key=hooks.KEEP, on_click=_accept, args=(visit,), icon=":material/save:")
        return
    st.markdown(KEPT[visit.viewer.role])
    status = visit.keep.status
    if status is not None and status.state is RecorderState.WAITING and status.problem:
        lost = f" {status.lost} could not be held." if status.lost else ""
        st.warning(
            f"It cannot be written at the moment: {status.problem} {status.waiting} readings and events wait in memory "
            f"and are written as soon as that works.{lost}",
            icon=":material/save:",
        )
    st.button(
        "Do not keep this session", key=hooks.KEEP_NOT, on_click=visit.keep.decline, icon=":material/do_not_disturb_on:"
    )


def _why_not(visit: Visit) -> str:
    """Why nothing is kept: the person said so, or somebody erased the session or took the agreement back meanwhile."""
    status = visit.keep.status
    return f"{status.stopped} **Nothing more is kept.**" if status is not None and status.stopped else DECLINED


def _accept(visit: Visit) -> None:
    visit.keep.accept()
    record = state.agreement(visit)
    if record is not None:
        visit.keep.begin(record)
