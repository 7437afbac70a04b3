"""Whether this session is kept, in words, and the way to say no."""

from __future__ import annotations

from typing import Final

import streamlit as st

from emrs_core.timeline.access import Role
from emrs_core.timeline.recorder import RecorderState, RecorderStatus
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
        stopped = visit.keep.status.stopped if visit.keep.status is not None else None
        st.markdown(f"{stopped} Nothing more is kept." if stopped else DECLINED)
        st.button("Keep it from now on", key=hooks.KEEP, on_click=_accept, args=(visit,), icon=":material/save:")
        return
    st.markdown(KEPT[visit.viewer.role])
    problem = trouble(visit.keep.status) if visit.keep.status is not None else None
    if problem is not None:
        st.warning(problem, icon=":material/save:")
    st.button(
        "Do not keep this session", key=hooks.KEEP_NOT, on_click=visit.keep.decline, icon=":material/do_not_disturb_on:"
    )


def trouble(status: RecorderStatus) -> str | None:
    """Why the session cannot be written now, in a sentence; None while all is well."""
    if status.state is not RecorderState.WAITING or not status.problem:
        return None
    lost = f" {status.lost} could not be held." if status.lost else ""
    return (
        f"It cannot be written at the moment: {status.problem} {status.waiting} readings and events wait in memory "
        f"and are written as soon as that works.{lost}"
    )


def _accept(visit: Visit) -> None:
    visit.keep.accept()
    record = state.agreement(visit)
    if record is not None:
        visit.keep.begin(record)
