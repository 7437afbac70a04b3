"""What the person said of themselves beside what their face showed, once the session's last word is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import streamlit as st

from emrs_core.errors import EmrsError
from emrs_core.timeline.events import ReportMoment
from emrs_core.timeline.sessions import SessionInfo, Timeline
from emrs_core.timeline.statistics.epochs import epochs_of
from emrs_core.timeline.statistics.reports import ReportBesideFace, report_change, reports_beside_face
from emrs_core.types import AffectPoint
from emrs_core.ui import hooks, state
from emrs_core.ui.record.link import draw_link
from emrs_core.ui.state import Visit

MOMENTS: Final = {ReportMoment.BEFORE: "Before", ReportMoment.DURING: "During", ReportMoment.AFTER: "After"}
MINUS: Final = "\N{MINUS SIGN}"
NOTE: Final = "An expression is not a feeling: where the two differ, your word counts."


def draw_said(visit: Visit) -> None:
    """A small table, and what changed from before to after."""
    with st.container(key=hooks.SAID, border=True, gap="small"):
        st.markdown("**What you said, beside what your face showed**")
        timeline = _timeline(visit)
        st.markdown(table_of(reports_beside_face(timeline, epochs_of(timeline))))
        change = report_change(timeline)
        if change is not None:
            st.markdown(f"After less before: **{_change(change.valence, change.arousal)}**.")
        st.caption(f"Pleasant · energetic, each from {MINUS}1 to +1. {NOTE}")
        draw_link(visit)
        with st.container(horizontal=True, gap="small"):
            st.button("Take the last one back", key=hooks.SAID_UNDO, type="tertiary", on_click=_undo, args=(visit,))
            st.button("Close", key=hooks.SAID_CLOSE, type="tertiary", on_click=visit.record.close_said)


def table_of(rows: tuple[ReportBesideFace, ...]) -> str:
    """The reports in order of time as a Markdown table; a dash where no face was seen around one."""
    lines = ["| | You said | Your face | Difference |", "|---|---|---|---|"]
    lines += [
        f"| {MOMENTS[row.report.moment]} | {place(row.said)} | {place(row.face)} | {_difference(row)} |" for row in rows
    ]
    return "\n".join(lines)


def place(point: AffectPoint | None) -> str:
    return "–" if point is None else f"{_signed(point.valence)} · {_signed(point.arousal)}"


def _difference(row: ReportBesideFace) -> str:
    if row.valence_less_face is None or row.arousal_less_face is None:
        return "–"
    return f"{_signed(row.valence_less_face)} · {_signed(row.arousal_less_face)}"


def _change(valence: int, arousal: int) -> str:
    return f"pleasant {_steps(valence)}, energetic {_steps(arousal)} of nine steps"


def _steps(change: int) -> str:
    return f"{change:+d}".replace("-", MINUS) if change else "±0"


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", MINUS) if round(value, 2) else "0.00"


def _timeline(visit: Visit) -> Timeline:
    """The session as kept so far, with what was just said; that alone while the store cannot be read."""
    reports = tuple(visit.record.reports)
    session_id = visit.keep.session_id or ""
    try:
        kept = state.sessions(visit).read(session_id)
    except EmrsError:
        kept = Timeline(SessionInfo(session_id, "", visit.began_at))
    written = {event.id for event in kept.events}
    return replace(kept, events=(*kept.events, *(report for report in reports if report.id not in written)))


def _undo(visit: Visit) -> None:
    visit.record.unsay(visit.keep)
