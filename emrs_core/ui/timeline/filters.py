"""Searching the list: a field for text, and filters that offer what there is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import streamlit as st

from emrs_core.timeline.sessions import SessionSummary
from emrs_core.timeline.store import SessionQuery
from emrs_core.ui import hooks, times

ANY: Final = ""
KINDS: Final = {"all": None, "recorded": False, "synthetic": True}
"""What to do with made-up sessions, as ``SessionQuery.synthetic`` says it."""
KEYS: Final = (
    hooks.SESSIONS_TEXT, hooks.SESSIONS_STUDY, hooks.SESSIONS_PARTICIPANT, hooks.SESSIONS_CONDITION, hooks.SESSIONS_TAG,
    hooks.SESSIONS_SINCE, hooks.SESSIONS_UNTIL, hooks.SESSIONS_KIND,
)  # fmt: skip


def draw_filters(summaries: Sequence[SessionSummary]) -> SessionQuery:
    """The search field and the filters; ``summaries`` are all there are. Returns what to list."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=hooks.SESSIONS_SEARCH):
        text = st.text_input(
            "Search", placeholder="Title, participant or study", icon=":material/search:", key=hooks.SESSIONS_TEXT,
            persist_state="session", label_visibility="collapsed",
        )  # fmt: skip
        with st.popover(_filter_label(), icon=":material/filter_list:", key=hooks.SESSIONS_FILTERS):
            query = _draw_choices(summaries)
        if _is_set(query) or text:
            st.button("Clear", key=hooks.SESSIONS_CLEAR, icon=":material/close:", type="tertiary", on_click=_clear)
    return SessionQuery(
        text=text.strip(), study=query.study, participant=query.participant, condition=query.condition, tag=query.tag,
        since=query.since, until=query.until, synthetic=query.synthetic,
    )  # fmt: skip


def midnight(day: date, zone: str | None) -> datetime:
    """When that day begins where the reader is; in UTC where that is not known."""
    return datetime.combine(day, time.min, times.place(zone) or UTC)


def _draw_choices(summaries: Sequence[SessionSummary]) -> SessionQuery:
    infos = [summary.info for summary in summaries]
    study = _one_of("Study", (i.study for i in infos), hooks.SESSIONS_STUDY)
    participant = _one_of("Participant", (i.participant for i in infos), hooks.SESSIONS_PARTICIPANT)
    condition = _one_of("Condition", (i.condition for i in infos), hooks.SESSIONS_CONDITION)
    tag = _one_of("Tag", (tag for i in infos for tag in i.tags), hooks.SESSIONS_TAG)
    left, right = st.columns(2)
    since = left.date_input("From", None, key=hooks.SESSIONS_SINCE, persist_state="session", format="YYYY-MM-DD")
    until = right.date_input("To", None, key=hooks.SESSIONS_UNTIL, persist_state="session", format="YYYY-MM-DD")
    st.session_state.setdefault(hooks.SESSIONS_KIND, "all")
    kind = st.segmented_control(
        "Kind", list(KINDS), required=True, format_func=str.capitalize, key=hooks.SESSIONS_KIND,
        persist_state="session",
    )  # fmt: skip
    zone = st.context.timezone
    return SessionQuery(
        study=study, participant=participant, condition=condition, tag=tag, synthetic=KINDS[kind or "all"],
        since=midnight(since, zone) if since else None,
        until=midnight(until + timedelta(days=1), zone) if until else None,
    )  # fmt: skip


def _one_of(label: str, values: Iterable[str], key: str) -> str | None:
    """A choice among what there is; a value that was chosen and is gone since stays choosable, and finds nothing."""
    there = {value for value in values if value}
    chosen = st.session_state.get(key)
    if isinstance(chosen, str) and chosen != ANY:
        there.add(chosen)
    options = [ANY, *sorted(there, key=str.casefold)]
    found = st.selectbox(label, options, format_func=_option, key=key, persist_state="session")
    return None if found == ANY else found


def _option(value: str) -> str:
    return value or "Any"


def _is_set(query: SessionQuery) -> bool:
    return query != SessionQuery()


def _filter_label() -> str:
    """With how many are set, as far as the last run knows."""
    values = (st.session_state.get(key) for key in KEYS[1:])
    count = sum(value not in (None, ANY, "all") for value in values)
    return f"Filters · {count}" if count else "Filters"


def _clear() -> None:
    """Back to everything. Runs before the redraw."""
    for key in KEYS:
        st.session_state[key] = {
            hooks.SESSIONS_TEXT: "", hooks.SESSIONS_SINCE: None, hooks.SESSIONS_UNTIL: None, hooks.SESSIONS_KIND: "all"
        }.get(key, ANY)  # fmt: skip
