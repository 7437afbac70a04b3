"""One session's figures on the page: what was seen, time per emotion, movement, songs, and the person's own word."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from emrs_core.timeline.sessions import SessionState, Timeline
from emrs_core.timeline.statistics.summary import Summary
from emrs_core.ui import hooks, passing, style
from emrs_core.ui.chart_view import draw_chart
from emrs_core.ui.timeline.summary import moves_chart, songs_chart, tables, time_chart, words
from emrs_core.ui.timeline.summary.desk import desk
from emrs_core.ui.timeline.summary.notes import NOTES
from emrs_core.ui.wall import fragment, wall

PATIENCE_S: Final = 0.3
"""So long the script waits for figures before it draws the rest of the page; an ordinary session takes less."""
LOOK_AGAIN_S: Final = 0.5
SELDOM: Final = 0.5
"""A share of readable time below which the page says that the figures are of a part only."""
DIMENSIONS: Final = ("Valence", "Arousal")


def draw_summary(timeline: Timeline, baseline: bool) -> None:
    """Everything beside the chart. ``baseline``: also less the person's calibrated neutral face. Script thread."""
    style.draw_sheet("summary")
    with st.container(key=hooks.SUMMARY), wall("summary"):
        summary = desk().summary_of(timeline, PATIENCE_S)
        if summary is None:
            summary = desk().last_of(timeline.info.id)  # meanwhile: those of a moment ago
            if summary is None or timeline.info.state is not SessionState.RUNNING:  # its content never rests
                passing.hold()
                fragment("summary-wait", partial(_draw_wait, timeline), run_every_s=LOOK_AGAIN_S)
        if summary is not None:
            _draw(summary, baseline)


def _draw_wait(timeline: Timeline) -> None:
    """A place holder that looks again until the figures are there; then the page is drawn with them."""
    if desk().summary_of(timeline, 0.0) is not None:
        st.rerun()
    st.html('<div class="emrs-figures-wait" role="status"><p>Working out the figures …</p></div>')


def _draw(summary: Summary, baseline: bool) -> None:
    _draw_head()
    if not summary.recorded_s:
        st.html(f'<p class="emrs-empty">{words.NOTHING}</p>')
        return
    st.html(tables.facts_html(summary))
    if not summary.valid_s:
        st.info(words.NO_FACE, icon=":material/info:")
    elif summary.valid_face_share < SELDOM:
        st.info(words.SELDOM_SEEN, icon=":material/info:")
    left, right = st.columns(2, gap="large")
    with left, wall("summary-time"):
        _draw_time(summary)
    with right, wall("summary-moves"):
        _draw_moves(summary)
    with wall("summary-course"):
        _draw_course(summary, baseline)
    with wall("summary-songs"):
        _draw_songs(summary, baseline)
    with wall("summary-reports"):
        _draw_reports(summary, baseline)
    with wall("summary-questions"):
        _draw_questions(summary)


def _draw_head() -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header("Figures", width="content")
        with st.popover("What they mean", icon=":material/help:", key=hooks.SUMMARY_NOTES):
            st.markdown(NOTES)
    st.caption(words.HINT)


def _draw_time(summary: Summary) -> None:
    st.markdown("### Time per emotion")
    draw_chart(time_chart.time_chart(summary), key=hooks.SUMMARY_TIME, alt=time_chart.time_text(summary))
    st.caption("Bars: the calm reading. Rings: single looks. Whiskers: 95 % intervals.")
    with st.expander("As a table", icon=":material/table:"):
        st.html(tables.time_html(summary))


def _draw_moves(summary: Summary) -> None:
    st.markdown("### From mood to mood")
    text = moves_chart.moves_text(summary.transitions)
    if any(map(any, summary.transitions.counts)):
        draw_chart(moves_chart.moves_chart(summary.transitions), key=hooks.SUMMARY_MOVES, alt=text)
        st.caption(f"From the mood on the left to the one below: how often, and of all the ways out of it. {text}")
    else:
        st.html(f'<p class="emrs-empty">{words.NO_CHANGES}</p>')


def _draw_course(summary: Summary, baseline: bool) -> None:
    st.markdown("### Valence and arousal")
    if not summary.valid_s:
        st.html(f'<p class="emrs-empty">{words.NO_FACE}</p>')
        return
    st.html(tables.course_html(summary, baseline))
    mean = summary.valence.mean
    if mean is not None and mean.low is None:
        st.caption(words.NO_INTERVALS)


def _draw_songs(summary: Summary, baseline: bool) -> None:
    st.markdown("### Around each song")
    if not summary.songs:
        st.html(f'<p class="emrs-empty">{words.NO_SONGS}</p>')
        return
    fragment("summary-song", partial(_draw_song_changes, summary, baseline))


def _draw_song_changes(summary: Summary, baseline: bool) -> None:
    chosen = st.segmented_control(
        "Dimension", DIMENSIONS, default=DIMENSIONS[0], required=True, label_visibility="collapsed",
        key=hooks.SUMMARY_DIMENSION,
    )  # fmt: skip
    dimension = (chosen or DIMENSIONS[0]).lower()
    songs, text = summary.songs, songs_chart.songs_text(summary.songs, dimension)
    draw_chart(songs_chart.songs_chart(songs, dimension), key=hooks.SUMMARY_SONGS, alt=text)
    st.caption(_song_note(summary, text))
    less = 0.0
    if baseline and summary.neutral is not None:
        less = summary.neutral.valence if dimension == "valence" else summary.neutral.arousal
        st.caption("The means in the table are less the neutral face; the changes are the same with and without it.")
    st.html(tables.songs_html(songs, dimension, less))


def _song_note(summary: Summary, text: str) -> str:
    more = len(summary.songs) - songs_chart.SHOWN
    left_out = (
        f" The figure shows the {songs_chart.SHOWN} songs that moved most; the table has all." if more > 0 else ""
    )
    return (
        f"{text}{left_out} Where the whisker, the change’s 95 % interval, reaches the "
        "ring, it may be chance; and no change during a song is proof of its effect."
    )


def _draw_reports(summary: Summary, baseline: bool) -> None:
    st.markdown("### Said beside the face")
    if not summary.reports:
        st.html(f'<p class="emrs-empty">{words.NO_REPORTS}</p>')
        return
    neutral = summary.neutral if baseline else None
    st.html(tables.reports_html(summary.reports, (neutral.valence, neutral.arousal) if neutral else (0.0, 0.0)))
    change = summary.report_change
    if change is not None:
        st.markdown(
            f"From before to after, by the person's own word: valence **{_steps(change.valence)}**, "
            f"arousal **{_steps(change.arousal)}**."
        )


def _draw_questions(summary: Summary) -> None:
    """Nothing where they were not asked or not answered."""
    if summary.questions:
        st.markdown("### The study’s two questions")
        st.html(tables.phq2_html(summary.questions))
        st.caption(words.PHQ2)


def _steps(by: int) -> str:
    if by == 0:
        return "as before"
    return f"{abs(by)} {'step' if abs(by) == 1 else 'steps'} {'up' if by > 0 else 'down'}"
