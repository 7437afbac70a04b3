"""All marks of a session as a list, and on demand every edit of the review, each of which can be taken back."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import Any, Final

import streamlit as st

from emrs_core.errors import EmrsError
from emrs_core.timeline.edits import Edit, edits_of, withdrawn
from emrs_core.timeline.events import Amended, Event, Excluded
from emrs_core.ui import hooks, times
from emrs_core.ui.timeline.session.choice import Review
from emrs_core.ui.timeline.session.edit_view import LISTED, NAMES, append_edit, when_words
from emrs_core.ui.timeline.session.lanes import event_text
from emrs_core.ui.timeline.session.opened import OpenSession
from emrs_core.ui.times import clock

SHOWN_EDITS: Final = 50
"""The latest; all of them are in the export."""


def draw_marks(session: OpenSession, review: Review) -> None:
    """The list of what holds now; a row that is chosen can be put right."""
    marks = [e for e in session.now.events if isinstance(e, LISTED)]
    with st.expander("Marks, notes, what was said, neutral face and left-out stretches", icon=":material/list:"):
        if not marks:
            st.caption("None yet.")
            return
        key = f"{hooks.SESSION_MARKS}-list"
        st.dataframe(
            [_row(event) for event in marks], hide_index=True, key=key, selection_mode="single-row",
            height=min(38 + 35 * len(marks), 320),
            on_select=lambda: _choose(review, marks, st.session_state[key]["selection"]["rows"]),
        )  # fmt: skip


def draw_history(session: OpenSession) -> None:
    """Every edit, the latest first."""
    edits = edits_of(session.history)
    if not edits:
        return
    # As a widget of its own it stays open when an edit draws the page anew.
    with st.expander("History of the review", key=hooks.SESSION_HISTORY, icon=":material/history:", on_change="rerun"):
        for edit in reversed(edits[-SHOWN_EDITS:]):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.html(edit_html(edit), width="stretch")
                if not edit.undone:
                    _draw_undo(session, edit)
        if len(edits) > SHOWN_EDITS:
            st.caption(f"The latest {SHOWN_EDITS} of {len(edits):,}. The export holds all of them.")


def edit_html(edit: Edit) -> str:
    """When, what was done, and to what: for an amendment what stood there first and what stands there since."""
    when = f"<small>{escape(times.here(edit.event.at))}</small>"
    about = _words(edit.about)
    if edit.restored:
        done = "Took an edit back"
        about = _words(edit.about.replacement) if isinstance(edit.about, Amended) else ""
    elif isinstance(edit.event, Amended):
        done = "Put right"
        about = f"{about} → {_words(edit.event.replacement)}"
    else:
        done = "Took away"
    state = " · taken back" if edit.undone else ""
    return (
        f'<p class="emrs-edit{" emrs-edit-undone" if edit.undone else ""}"><b>{done}</b>{state} {when}<br>{about}</p>'
    )


def _draw_undo(session: OpenSession, edit: Edit) -> None:
    words = "Bring back" if not isinstance(edit.event, Amended) and not edit.restored else "Take back"
    if st.button(words, key=f"{hooks.SESSION_HISTORY}-{edit.event.id}", icon=":material/undo:"):
        try:
            append_edit(session, withdrawn(edit.event, datetime.now(UTC)), "Done.")
        except EmrsError as exc:
            st.error(str(exc), icon=":material/error:")


def _words(event: Event | None) -> str:
    if event is None:
        return "an event that is not kept here"
    name = NAMES.get(type(event), "Event")
    end = f" to {clock(event.until_s, tenths=True)}" if isinstance(event, Excluded) else ""
    text = event_text(event)
    said = f" “<bdi>{escape(text)}</bdi>”" if text else ""
    return f"{name} {when_words(event)}{end}{said}"


def _row(event: Event) -> dict[str, Any]:
    end = clock(event.until_s, tenths=True) if isinstance(event, Excluded) else ""
    at = "earlier" if event.t_s < 0 else clock(event.t_s, tenths=True)
    return {"At": at, "Until": end, "What": NAMES[type(event)], "Words": event_text(event)}


def _choose(review: Review, marks: list[Any], rows: list[int]) -> None:
    review.chosen = marks[rows[0]].id if rows and rows[0] < len(marks) else None
