"""What a visit recorded before its guest signed in: kept under the account only if the person says so."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from emrs_core.consent import ConsentRecord
from emrs_core.timeline.access import Role
from emrs_core.timeline.events import ConsentGiven
from emrs_core.timeline.importing import keep_imported
from emrs_core.timeline.memory_store import MemoryTimelineStore
from emrs_core.ui import hooks, passing, state
from emrs_core.ui.sign_in import words
from emrs_core.ui.state import Visit


def draw_brought(visit: Visit) -> None:
    """The question, until it is answered; nothing before the agreement to what is kept."""
    with st.container(key=hooks.SIGN_IN_BROUGHT):
        record = state.agreement(visit)
        found = visit.memory.list() if visit.viewer.role is Role.PERSON else ()
        if not found or record is None:
            return
        seconds = sum(summary.length_s for summary in found)
        many = f"{len(found)} sessions" if len(found) > 1 else "a session"
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(words.BROUGHT.format(what=f"{many} of {_spoken(seconds)}"), width="stretch")
            if st.button(words.KEEP, key=hooks.SIGN_IN_KEEP, type="primary", icon=":material/save:"):
                keep_brought(visit, record)
                passing.say(words.KEPT)
                st.rerun()
            if st.button(words.FORGET, key=hooks.SIGN_IN_FORGET, icon=":material/delete:"):
                visit.memory = MemoryTimelineStore()
                passing.say(words.FORGOTTEN)
                st.rerun()


def _spoken(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes else f"{seconds:.0f} s"


def keep_brought(visit: Visit, record: ConsentRecord) -> None:
    """Put what the guest's memory holds under the person's name, with the agreement by which that happens.

    Raises a TimelineError; what was put there already then stays, and the rest waits in memory.
    """
    store = state.sessions(visit)
    for summary in visit.memory.list():
        timeline = visit.memory.read(summary.info.id)
        agreed = ConsentGiven(t_s=summary.length_s, version=record.version, at=record.given_at)
        keep_imported(store, replace(timeline, events=(*timeline.events, agreed)), visit.viewer.owner_id)
        visit.memory.delete(summary.info.id)
