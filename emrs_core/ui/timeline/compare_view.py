"""Two or more kept sessions side by side: which ones, their curves, their figures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import streamlit as st

from emrs_core.timeline.comparing import Axis, compare, curve
from emrs_core.timeline.sessions import SessionInfo, Timeline
from emrs_core.timeline.statistics.summary import Summary
from emrs_core.timeline.store import KeptSessions
from emrs_core.types import EMOTIONS
from emrs_core.ui import hooks
from emrs_core.ui.chart_view import draw_chart
from emrs_core.ui.state import Visit
from emrs_core.ui.timeline import rows
from emrs_core.ui.timeline.compare_chart import MOST, Curve, curves_chart, curves_text, figures_html, quantity_name
from emrs_core.ui.timeline.summary.desk import desk
from emrs_core.ui.wall import fragment

QUANTITIES: Final = (*Axis, *EMOTIONS)
PATIENCE_S: Final = 0.3
"""So long the script waits for one session's figures before it draws the rest."""
LOOK_AGAIN_S: Final = 0.5
TOO_FEW: Final = "Choose two sessions or more, here or by ticking them in the list, to see them side by side."
NOTE: Final = (
    "Small figures: 95 % intervals of each session on its own. A difference between two sessions says nothing of what "
    "made it: people, songs, light and the time of day differ too."
)


def draw_compare(visit: Visit, store: KeptSessions) -> None:
    """The comparison. Script thread."""
    infos = {summary.info.id: summary.info for summary in store.list()}
    with st.container(key=hooks.COMPARED):
        chosen = _draw_choice(visit, infos)
        if len(chosen) < 2:
            st.html(f'<p class="emrs-empty">{TOO_FEW}</p>')
            return
        fragment("compared", partial(_draw_both, visit, store, [infos[one] for one in chosen]))


def _draw_choice(visit: Visit, infos: dict[str, SessionInfo]) -> list[str]:
    zone = st.context.timezone
    ticked = visit.timelines.among(infos)
    found = st.multiselect(
        f"Sessions (up to {MOST})", list(infos), default=ticked[:MOST], max_selections=MOST,
        format_func=lambda one: rows.label(infos[one], zone), placeholder="Choose sessions",
        key=hooks.COMPARED_SESSIONS,
    )  # fmt: skip
    chosen = [one for one in found if one in infos]
    if set(chosen) != set(ticked[:MOST]):
        visit.timelines.ticked = dict.fromkeys(chosen)
    return chosen


def _draw_both(visit: Visit, store: KeptSessions, infos: Sequence[SessionInfo]) -> None:
    names = names_of(infos, st.context.timezone)
    timelines = visit.shown.read(store, [info.id for info in infos])
    quantity = st.selectbox(
        "What to lay over each other", QUANTITIES, format_func=quantity_name, key=hooks.COMPARED_QUANTITY, width=260,
        persist_state="session",
    )  # fmt: skip
    curves = [Curve(name, curve(timeline, quantity)) for name, timeline in zip(names, timelines, strict=True)]
    draw_chart(curves_chart(curves, quantity), key=hooks.COMPARED_CURVES, alt=curves_text(curves, quantity))
    st.header("Figures side by side")
    summaries = _summaries(timelines)
    if summaries is None:
        fragment("compared-wait", partial(_draw_wait, timelines), run_every_s=LOOK_AGAIN_S)
        return
    with st.container(key=hooks.COMPARED_TABLE):
        st.html(figures_html(names, compare(summaries)))
    st.caption(NOTE)


def names_of(infos: Sequence[SessionInfo], zone: str | None) -> list[str]:
    """Names that tell these sessions apart; the same one twice gets a number."""
    labels = [rows.label(info, zone) for info in infos]
    return [
        f"{label} ({labels[: place + 1].count(label)})" if labels.count(label) > 1 else label
        for place, label in enumerate(labels)
    ]


def _summaries(timelines: Sequence[Timeline]) -> list[Summary] | None:
    """The figures of all of them, or None while some are being worked out."""
    found = [desk().summary_of(timeline, PATIENCE_S / len(timelines)) for timeline in timelines]
    return None if None in found else [summary for summary in found if summary is not None]


def _draw_wait(timelines: Sequence[Timeline]) -> None:
    """A place holder that looks again until the figures are there; then the page is drawn with them."""
    if _summaries(timelines) is not None:
        st.rerun()
    st.html('<div class="emrs-figures-wait" role="status"><p>Working out the figures …</p></div>')
