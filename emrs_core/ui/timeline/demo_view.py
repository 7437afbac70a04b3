"""Made-up sessions to try the page with: put in by one click, taken out by another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, Literal

import streamlit as st

from emrs_core.bootstrap import build_catalogue
from emrs_core.timeline.access.viewer import Role
from emrs_core.timeline.demo.keeping import DEMO_IDS, add_demo, remove_demo
from emrs_core.timeline.demo.sessions import PARTICIPANTS
from emrs_core.timeline.sessions import SessionSummary
from emrs_core.timeline.store import KeptSessions
from emrs_core.ui import hooks
from emrs_core.ui.sign_in.way_in import offered_to
from emrs_core.ui.state import Visit
from emrs_core.ui.timeline.choice import Told

EMPTY: Final = {
    Role.OWNER: (
        "Agree on the Live page and start the camera: from then on your session is kept on this machine, second by "
        "second, and stands here."
    ),
    Role.GUEST: (
        "Agree on the Live page and start the camera: your session then stands here as long as this page is open."
    ),
    Role.PERSON: (
        "Agree on the Live page and start the camera: from then on your session is kept for you on this server, and "
        "stands here whenever you are signed in."
    ),
}
OFFER: Final = "Or look around first, with eight made-up sessions of three made-up participants."


def may_try(visit: Visit) -> bool:
    """Whether this visitor can have demo data: only where nobody else would see them, now or after signing in."""
    role = visit.viewer.role
    return role is Role.OWNER or (role is Role.GUEST and offered_to(visit) is None)


def draw_empty(visit: Visit, store: KeptSessions) -> None:
    """Nothing is kept yet: how that changes, and something to try meanwhile."""
    trying = may_try(visit)
    offer = f"<p>{OFFER}</p>" if trying else ""
    with st.container(key=hooks.SESSIONS_EMPTY, horizontal_alignment="center"):
        st.html(
            f'<div class="emrs-timelines-empty"><h2>No sessions yet</h2><p>{EMPTY[visit.viewer.role]}</p>{offer}</div>'
        )
        if trying:
            _draw_add(visit, store, primary=True)


def draw_foot(visit: Visit, store: KeptSessions, summaries: Sequence[SessionSummary]) -> None:
    """Under the list: the way to the demo data, or out of it."""
    if not may_try(visit):
        return
    count = sum(summary.info.synthetic and summary.info.id in DEMO_IDS for summary in summaries)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if not count:
            _draw_add(visit, store, primary=False)
            return
        st.caption(f"{count} of these sessions are demo data: made up, and marked as synthetic.", width="content")
        if st.button("Remove the demo data", key=hooks.DEMO_REMOVE, icon=":material/delete:", type="tertiary"):
            removed = remove_demo(store, visit.viewer.owner_id)
            visit.timelines.told = Told((f"The demo data are gone: {removed} synthetic sessions.",))
            st.rerun()


def _draw_add(visit: Visit, store: KeptSessions, *, primary: bool) -> None:
    kind: Literal["primary", "tertiary"] = "primary" if primary else "tertiary"
    if st.button("Add demo data", key=hooks.DEMO_ADD, icon=":material/science:", type=kind):
        with st.spinner("Making up sessions …"):
            count = add_demo(store, build_catalogue().tracks(), datetime.now(UTC), visit.viewer.owner_id)
        visit.timelines.told = Told(
            (f"{count} synthetic sessions of {len(PARTICIPANTS)} made-up participants are there.",)
        )
        st.rerun()
