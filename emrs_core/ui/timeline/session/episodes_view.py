"""The episodes beyond the threshold, as a list to go through."""

from __future__ import annotations

import streamlit as st

from emrs_core.timeline.intervals import Span
from emrs_core.timeline.statistics.episodes import Episode
from emrs_core.ui import hooks
from emrs_core.ui.timeline.session.choice import Review
from emrs_core.ui.timeline.session.thresholds import level_words, threshold_words
from emrs_core.ui.times import clock

AROUND_S = 10.0
"""Before and after an episode that one goes to: what led to it is seen too."""


def draw_episodes(review: Review, found: tuple[Episode, ...]) -> None:
    """Nothing without a threshold. A row that is chosen is what the chart then shows."""
    wanted = review.threshold
    if wanted is None:
        return
    with st.container(key=hooks.SESSION_EPISODES):
        st.markdown(f"**{threshold_words(wanted)}**: {episodes_words(found)}")
        if not found:
            return
        rows = [
            {
                "From": clock(episode.start_s, tenths=True),
                "To": clock(episode.end_s, tenths=True),
                "Seconds": round(episode.length_s, 1),
                "Peak": level_words(wanted, episode.peak),
                "At": clock(episode.peak_s, tenths=True),
            }
            for episode in found
        ]
        key = f"{hooks.SESSION_EPISODES}-list"
        st.dataframe(
            rows, hide_index=True, height=min(38 + 35 * len(rows), 260), key=key, selection_mode="single-row",
            on_select=lambda: _go_to(review, found, st.session_state[key]["selection"]["rows"]),
        )  # fmt: skip


def episodes_words(found: tuple[Episode, ...]) -> str:
    """How many and how long together."""
    if not found:
        return "no episode of a second or more."
    together = clock(sum(episode.length_s for episode in found))
    count = "1 episode" if len(found) == 1 else f"{len(found):,} episodes"
    return f"{count}, {together} together. Choose one to see it."


def _go_to(review: Review, found: tuple[Episode, ...], rows: list[int]) -> None:
    if rows and rows[0] < len(found):
        episode = found[rows[0]]
        review.go_to(Span(episode.start_s - AROUND_S, episode.end_s + AROUND_S))
