"""One kept session, opened from the list: what the list says of it, and its figures."""

from __future__ import annotations

from html import escape

import streamlit as st

from emrs_core.timeline.sessions import SessionSummary
from emrs_core.timeline.store import KeptSessions
from emrs_core.ui.timeline import rows
from emrs_core.ui.timeline.summary_view import draw_summary


def draw_opened(store: KeptSessions, summary: SessionSummary) -> None:
    """Head and figures. Raises TimelineNotFound when it was deleted meanwhile. Script thread."""
    st.html(head_html(summary, st.context.timezone))
    draw_summary(store.read(summary.info.id), baseline=False)


def head_html(summary: SessionSummary, zone: str | None) -> str:
    """Whose session it is, when it was, and what is out of the ordinary about it."""
    row = rows.row(summary, zone)
    badges = "".join(f'<span class="emrs-badge-{word}">{word}</span>' for word in row["badges"])
    facts = " · ".join(part for part in (row["when"], row["length"], row["about"], row["title"]) if part)
    return (
        f'<div class="emrs-session-head"><h1>{escape(row["who"])}</h1><p class="emrs-session-badges">{badges}</p>'
        f"<p>{escape(facts)}</p></div>"
    )
