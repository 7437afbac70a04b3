"""What becomes of this session: kept or not, and whether the database takes it."""

from __future__ import annotations

import streamlit as st

from emrs_core.timeline.keeping import SessionKeeper
from emrs_core.timeline.recorder import RecorderState, RecorderStatus
from emrs_core.ui import hooks


def draw_keeping(keeper: SessionKeeper) -> None:
    """The switch between keeping this session and not, with what its state is."""
    st.subheader("This session")
    status = keeper.status
    if keeper.declined:
        st.markdown("It is **not kept**; what had been written is erased.")
        if st.button("Keep a session again", key=hooks.KEEP_SESSION, icon=":material/save:"):
            keeper.accept()
            st.rerun()
        _draw_problem(status)
        return
    if keeper.session_id is None:
        st.markdown("Nothing is kept before you agree to the camera.")
        return
    st.markdown(f"It is kept from your agreement on, as session `{keeper.session_id}`.")
    _draw_problem(status)
    if st.button("Do not keep this session", key=hooks.DECLINE_SESSION, icon=":material/delete_forever:"):
        keeper.decline()
        st.rerun()


def _draw_problem(status: RecorderStatus | None) -> None:
    if status is None or status.problem is None:
        return
    if status.state is RecorderState.DISCARDED:
        st.warning(f"It could not be erased yet, and is tried again: {status.problem}", icon=":material/database:")
        return
    lost = f" {status.lost} readings were lost, there was no room for them." if status.lost else ""
    st.warning(
        f"{status.waiting} readings wait to be written; the camera and the music go on.{lost} {status.problem}",
        icon=":material/database:",
    )
