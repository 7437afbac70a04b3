"""People and studies: who the sessions are of, what they agreed to, and how long what is kept of them stays."""

from __future__ import annotations

from typing import Final

import streamlit as st

from emrs_core.timeline.access.viewer import Role, Viewer
from emrs_core.timeline.store import KeptSessions
from emrs_core.ui import hooks, style
from emrs_core.ui.state import Visit
from emrs_core.ui.timeline.people.participants_view import draw_participants
from emrs_core.ui.timeline.people.studies_view import draw_studies
from emrs_core.ui.wall import wall

NOT_FOR_GUESTS: Final = (
    "Participants and studies belong to whoever runs this server, so a guest does not see them: your own session ends "
    "with your visit, under no code and in no study."
)
NOT_FOR_PERSONS: Final = (
    "Participants and studies are looked after by the reviewers of this server. Your own sessions stand under "
    "*Sessions*, where you can take them along and delete them."
)


def looks_after_people(viewer: Viewer) -> bool:
    """Whether participants and studies are this viewer's to see and change."""
    return viewer.role is Role.OWNER or viewer.reviewer


def draw_people(visit: Visit, store: KeptSessions) -> None:
    """Studies, then participants; for others a sentence that says why not. Script thread."""
    style.draw_sheet("people")
    with st.container(key=hooks.PEOPLE):
        if not looks_after_people(visit.viewer):
            guest = visit.viewer.role is Role.GUEST
            st.info(NOT_FOR_GUESTS if guest else NOT_FOR_PERSONS, icon=":material/lock:")
            return
        summaries = store.list()
        with wall("participants"):
            draw_participants(visit, store, summaries)
        with wall("studies"):
            draw_studies(visit, store, summaries)
