"""Back from signing in, as a new browser session: mood and songs of the visit are there again, the agreement is not.

A guest agreed that nothing is stored. From now on sessions are, so the new wording has to be agreed to first.
"""

from __future__ import annotations

import streamlit as st

from emrs_core.bootstrap import consent_store
from emrs_core.timeline.access import Role, Viewer
from emrs_core.ui import parking, resources, state
from emrs_core.ui.sign_in.routes import COOKIE
from emrs_core.ui.spotify.way_back import take_over
from emrs_core.ui.state import Visit, Way


def resume() -> None:
    """Go on with the visit that was left to sign in, if this browser session is the one that came back from it."""
    if state.VISIT_KEY in st.session_state:
        return
    left = parking.visits().take(_ticket())
    if left is None:
        return
    mode, viewer = state.whoever()
    if left.mode is not mode or left.viewer.role is not Role.GUEST:
        return
    taken = take_over(left)
    state.set_visit(taken if viewer == left.viewer else as_person(taken, viewer))


def as_person(visit: Visit, viewer: Viewer) -> Visit:
    """The same visit in the name of whoever signed in. What it recorded before waits in its memory."""
    visit.keep.close()
    visit.viewer = viewer
    visit.consent = consent_store(resources.load().services.settings, viewer)
    visit.keep = state.keeper_of(visit.session, viewer, visit.memory)
    visit.spotify.returned = False  # the camera waits for the agreement, which is asked for there
    visit.way_wanted = Way.CAMERA
    return visit


def _ticket() -> str | None:
    return st.context.cookies.get(COOKIE)
