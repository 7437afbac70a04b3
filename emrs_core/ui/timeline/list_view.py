"""The list of kept sessions: found, ticked, opened; a page of it at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import streamlit as st

from emrs_core.timeline.sessions import SessionState, SessionSummary
from emrs_core.timeline.store import KeptSessions
from emrs_core.ui import hooks
from emrs_core.ui.component import component
from emrs_core.ui.state import Visit
from emrs_core.ui.timeline import demo_view, files_view, rows
from emrs_core.ui.timeline.choice import PARAMETER, Choice
from emrs_core.ui.timeline.filters import draw_filters
from emrs_core.ui.wall import fragment

PAGE_ROWS: Final = 25
"""About two screens: enough to browse, few enough to draw at once."""
REFRESH_S: Final = 10.0
"""While a session runs; it is written to about as often."""
LIST_KEY: Final = "session-list"
NOTHING_FOUND: Final = "No session fits the search. Change the filters, or clear them."


def draw_list(visit: Visit, store: KeptSessions, compare: Callable[[], None]) -> None:
    """The list, which looks again by itself while a session runs; ``compare`` is called before a redraw."""
    read = [store.list()]
    running = any(summary.info.state is SessionState.RUNNING for summary in read[0])

    def draw() -> None:
        _draw(visit, store, read.pop() if read else store.list(), compare)  # what was read is for the first drawing

    fragment("sessions", draw, run_every_s=REFRESH_S if running else None)


def _draw(visit: Visit, store: KeptSessions, summaries: Sequence[SessionSummary], compare: Callable[[], None]) -> None:
    """Search, list, and what can be done with what is ticked."""
    with st.container(key=hooks.SESSIONS):
        if not summaries:
            demo_view.draw_empty(visit, store)
            return
        query = draw_filters(summaries)
        found = [summary for summary in summaries if query.admits(summary.info)]
        pages = max(1, -(-len(found) // PAGE_ROWS))
        place = visit.timelines.page_of(query, pages) * PAGE_ROWS
        _draw_chosen(visit, store, summaries, compare)
        if found:
            _draw_rows(visit.timelines, found[place : place + PAGE_ROWS])
        else:
            st.html(f'<p class="emrs-empty">{NOTHING_FOUND}</p>')
        _draw_pages(visit.timelines, place, len(found), pages)
        demo_view.draw_foot(visit, store, summaries)


def tick(choice: Choice, said: Mapping[str, Any] | None) -> None:
    """Take what the list tells: ``ids`` and whether they are ``on``. Runs before the redraw, which shows it then."""
    if said:
        choice.tick([str(one) for one in said["ids"]], bool(said["on"]))


def _draw_rows(choice: Choice, shown: Sequence[SessionSummary]) -> None:
    result = component("sessions")(
        key=LIST_KEY,
        data=rows.list_data(shown, choice.ticked, st.context.timezone),
        on_open_change=_nothing,
        on_tick_change=lambda: tick(choice, st.session_state[LIST_KEY].get("tick")),
    )
    if result.open:
        st.query_params[PARAMETER] = str(result.open)
        st.rerun()


def _draw_chosen(
    visit: Visit, store: KeptSessions, summaries: Sequence[SessionSummary], compare: Callable[[], None]
) -> None:
    there = {summary.info.id: summary.info for summary in summaries}
    chosen = visit.timelines.among(there)
    with st.container(key=hooks.SESSIONS_CHOSEN, horizontal=True, vertical_alignment="center", gap="small"):
        if not chosen:
            st.caption("Click a session to open it. Tick some to compare, export or delete them.")
            return
        st.markdown(f"**{len(chosen)} {'session' if len(chosen) == 1 else 'sessions'} ticked**", width="content")
        few = len(chosen) < 2
        if st.button(
            "Compare", key=hooks.SESSIONS_COMPARE, icon=":material/stacked_line_chart:", on_click=compare, disabled=few,
            help="Tick at least two" if few else None,
        ):  # fmt: skip
            st.rerun()  # all of the page: this part alone was drawn anew
        files_view.draw_actions(visit, store, [there[one] for one in chosen], summaries)
        st.button(
            "None", key=hooks.SESSIONS_NONE, icon=":material/close:", type="tertiary", help="Untick all",
            on_click=visit.timelines.ticked.clear,
        )  # fmt: skip


def _draw_pages(choice: Choice, place: int, count: int, pages: int) -> None:
    if pages == 1:
        return
    with st.container(key=hooks.SESSIONS_PAGES, horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "Newer", key=hooks.SESSIONS_NEWER, icon=":material/chevron_left:", disabled=place == 0,
            on_click=lambda: _turn(choice, -1),
        )  # fmt: skip
        st.caption(f"{place + 1:,}–{min(place + PAGE_ROWS, count):,} of {count:,}", width="content")
        st.button(
            "Older", key=hooks.SESSIONS_OLDER, icon=":material/chevron_right:", icon_position="right",
            disabled=choice.page == pages - 1, on_click=lambda: _turn(choice, 1),
        )  # fmt: skip


def _turn(choice: Choice, pages: int) -> None:
    choice.page += pages


def _nothing() -> None:
    """Streamlit wants a callback to declare a trigger; opening changes the whole page, so it is read where drawn."""
