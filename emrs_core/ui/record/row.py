"""The row under the picture: whether this session is kept and for how long, marks and notes, the last of them."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from emrs_core.timeline.access import Role
from emrs_core.timeline.events import Marker, Note
from emrs_core.timeline.recorder import RecorderState
from emrs_core.ui import hooks, state
from emrs_core.ui.component import component
from emrs_core.ui.record.keeping_view import trouble
from emrs_core.ui.record.presses import read_presses
from emrs_core.ui.state import Visit

SHOWN: Final = 3
"""Marks and notes in the row; the session's own page has all."""
READY: Final = {
    Role.OWNER: "This session will be kept, from the first reading on.",
    Role.PERSON: "This session will be kept, from the first reading on.",
    Role.GUEST: "Kept until you leave, from the first reading on.",
}
KEPT: Final = {
    Role.OWNER: "This session is kept",
    Role.PERSON: "Kept under your account",
    Role.GUEST: "Kept until you leave",
}
DECLINED: Final = "This session is not kept."
WAITING: Final = "Held in memory for now"
WORDS: Final = {
    "marks": "Mark this moment",
    "note": "Note",
    "writing": "A note about this moment. Enter keeps it, Esc does not.",
    "undo": "Take back",
}


def draw_row() -> None:
    """The row; nothing before there is an agreement, since nothing is kept then."""
    visit = state.visit()
    if state.agreement(visit) is None:
        return
    visit.record.follow(visit.keep.session_id)
    component("record")(key=hooks.RECORD_ROW, data=row_data(visit), on_said_change=lambda: _take(visit))
    status = visit.keep.status
    problem = trouble(status) if status is not None and not visit.keep.declined else None
    if problem is not None:
        st.warning(problem, icon=":material/save:")


def row_data(visit: Visit) -> dict[str, Any]:
    """What the row shows."""
    desk, keep = visit.record, visit.keep
    tone, text = _standing(visit)
    return {
        "session": keep.session_id,
        "now_s": keep.now_s(),
        "tone": tone,
        "text": text,
        "timed": tone in ("kept", "waiting"),
        "live": keep.session_id is not None,
        "labels": list(desk.habits.labels),
        "keys": {"mark": desk.habits.keys.mark, "note": desk.habits.keys.note},
        "entries": [_entry(event) for event in list(desk.entries)[:SHOWN]],
        "shown": SHOWN,
        "taken": list(desk.taken),
        "words": WORDS,
    }


def _standing(visit: Visit) -> tuple[str, str]:
    """How the keeping stands: a word for the style, and a few for the person."""
    keep = visit.keep
    if keep.declined or keep.session_id is None:
        return "declined", DECLINED
    if keep.status is not None and keep.status.state is RecorderState.WAITING:
        return "waiting", WAITING
    if not (visit.session.history(max_points=1) or visit.record.entries or visit.record.reports):
        return "ready", READY[visit.viewer.role]
    return "kept", KEPT[visit.viewer.role]


def _entry(event: Marker | Note) -> dict[str, Any]:
    kind, text = ("mark", event.label) if isinstance(event, Marker) else ("note", event.text)
    return {"id": event.id, "kind": kind, "text": text, "t_s": event.t_s}


def _take(visit: Visit) -> None:
    """Runs before the redraw, which shows it then."""
    said = st.session_state[hooks.RECORD_ROW].get("said")
    for press in read_presses(said, visit.keep.now_s()):
        visit.record.take(press, visit.keep)
