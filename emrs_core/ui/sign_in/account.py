"""What the page *Your data* says to somebody who signed in."""

from __future__ import annotations

import streamlit as st

from emrs_core.timeline.access import Role
from emrs_core.ui import hooks
from emrs_core.ui.plain import plain
from emrs_core.ui.sign_in import words
from emrs_core.ui.sign_in.badge import name_of_visitor
from emrs_core.ui.state import Visit


def draw_account(visit: Visit) -> None:
    """Whose account, under which id its sessions are kept, and what a reviewer may; nothing for others."""
    if visit.viewer.role is not Role.PERSON:
        return
    with st.container(key=hooks.SIGN_IN_ACCOUNT):
        st.header("Your account")
        name = name_of_visitor()
        st.markdown(words.KEPT_HERE.format(name=f" as **{plain(name)}**" if name else "", owner=visit.viewer.owner_id))
        if visit.viewer.reviewer:
            st.markdown(words.REVIEWS)
