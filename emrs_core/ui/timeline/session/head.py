"""The head of a session's view: what it is called, when it was, whose it is, and how far it is to be trusted."""

from __future__ import annotations

from html import escape
from typing import Final

import streamlit as st

from emrs_core.timeline.events import SettingsRecorded
from emrs_core.timeline.sessions import SessionInfo, SessionState
from emrs_core.ui import hooks, times
from emrs_core.ui.plain import plain
from emrs_core.ui.timeline.session.opened import OpenSession

STATES: Final = {
    SessionState.RUNNING: ("Running", "It is being recorded now; this page follows."),
    SessionState.INTERRUPTED: ("Interrupted", "It ended without saying so. What was written until then is here."),
}
SYNTHETIC: Final = ("Synthetic", "Made up by a random process. No person was recorded.")


def draw_head(session: OpenSession) -> None:
    """Title, badges and facts."""
    info = session.history.info
    with st.container(key=hooks.SESSION_HEAD):
        st.title(session_title(info), anchor=False)
        st.html(_badges(info) + _facts(session))


def session_title(info: SessionInfo) -> str:
    """Its own title, or when it was. Markdown in it is shown as it was typed."""
    return plain(info.title) if info.title.strip() else f"Session of {times.here(info.started_at)}"


def _badges(info: SessionInfo) -> str:
    told = [STATES[info.state]] if info.state in STATES else []
    told += [SYNTHETIC] if info.synthetic else []
    if not told:
        return ""
    items = "".join(
        f'<li><span class="emrs-state emrs-state-{name.lower()}">{name}</span> {meaning}</li>' for name, meaning in told
    )
    return f'<ul class="emrs-states">{items}</ul>'


def _facts(session: OpenSession) -> str:
    info = session.history.info
    source = next((e for e in session.now.events if isinstance(e, SettingsRecorded)), None)
    facts = {
        "Began": times.here(info.started_at),
        "Length": times.clock(session.whole.length_s),
        "Participant": info.participant,
        "Study": info.study,
        "Condition": info.condition,
        "Tags": ", ".join(info.tags),
        "Read by": f"{source.model_name}, EMRS {source.app_version}" if source else "",
    }
    rows = "".join(f'<div><dt>{n}</dt><dd dir="auto">{escape(v)}</dd></div>' for n, v in facts.items() if v)
    return f'<dl class="emrs-session-facts">{rows}</dl>'
