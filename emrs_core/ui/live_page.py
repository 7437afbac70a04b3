"""The Live page: camera and mood side by side in the shared frame, then songs, then the curves."""

from __future__ import annotations

import streamlit as st

from emrs_core.errors import StorageError
from emrs_core.types import EMOTIONS, Emotion, LiveSnapshot, MoodSource
from emrs_core.ui import camera, charts, consent_panel, hooks, mood_card, plane, state, style, ways_in, words
from emrs_core.ui.chart_view import draw_chart, load_ahead
from emrs_core.ui.component import component
from emrs_core.ui.record.ask_view import draw_ask, draw_during
from emrs_core.ui.record.more import draw_more
from emrs_core.ui.record.row import draw_row
from emrs_core.ui.songs_view import draw_songs
from emrs_core.ui.state import Visit, Way
from emrs_core.ui.wall import fragment, wall
from emrs_core.ui.watch import CameraProblem

PLANE_NOTE = "The dot is how you seem, the ring where the music leads."
REDRAW_S = 1.0
MOOD_REDRAW_S = 0.5  # the card is small and what one looks at first
SONGS_REDRAW_S = 1.0
RECORD_REDRAW_S = 2.0  # its clock goes on by itself, and what is said redraws it at once

NOTICES = {
    "insecure": words.CAMERA_INSECURE.replace("**", "").replace("`", ""),
    "denied": "The camera is blocked for this page. Click the camera or lock sign in the address bar, allow it, then "
    "press Start again. Or use one of the other ways above.",
    "none": "No camera was found. Plug one in or switch it on, then press Start. Or use one of the other ways above.",
    "busy": "The camera does not answer. Another program may be using it: close that, then press Start again.",
    "other": "The camera could not be started. Reload the page and press Start again, or use one of the other ways.",
}


def draw() -> None:
    """The page. The camera itself is drawn by the entry script, into the same frame.

    Every fragment is drawn on every run, even while it has nothing to show: a redraw that is under way then finds its
    place, and what follows stays where it is.
    """
    visit = state.visit()
    with state.stage().lead, wall("lead"):
        _draw_lead(visit)
    run_every = REDRAW_S if camera.state().active else None
    with state.stage().side:
        fragment("mood", _draw_mood, MOOD_REDRAW_S if camera.state().active else None)
        with st.container(key=hooks.RECORD_DURING):
            fragment("record-during", draw_during, RECORD_REDRAW_S if run_every else None)
    with state.stage().under:
        _draw_record(run_every)
    fragment("songs", _draw_song_list, SONGS_REDRAW_S if camera.state().active else None)
    fragment("curves", _draw_curves, run_every)


def _draw_record(run_every: float | None) -> None:
    """The session that is being kept. The popover never redraws by itself: somebody may be writing in it."""
    style.draw_sheet("asking")
    with st.container(key=hooks.RECORD_BAR, horizontal=True, vertical_alignment="top", gap="small"):
        with st.container(width="stretch"):
            fragment("record", draw_row, RECORD_REDRAW_S if run_every else None)
        with st.container(width="content"):
            fragment("record-more", draw_more)
    with st.container(key=hooks.RECORD_ASK):
        fragment("record-ask", draw_ask, RECORD_REDRAW_S if run_every else None)


def _draw_lead(visit: Visit) -> None:
    way = ways_in.draw_way_choice(visit)
    if way is Way.HAND:
        ways_in.draw_hand(visit)
    elif state.agreement(visit) is None:
        consent_panel.draw_consent(visit)
    elif way is Way.PHOTO:
        ways_in.draw_photo(visit)
    elif not camera.secure_page(st.context.url):
        st.warning(words.CAMERA_INSECURE, icon=":material/lock_open:")
    elif way is Way.SNAPSHOT:
        ways_in.draw_snapshot(visit)
    else:
        with st.container(key=hooks.CAMERA_NOTICE):
            component("notice")(key="notice", data=NOTICES)


def _draw_mood() -> None:
    visit = state.visit()
    snapshot = visit.feed.snapshot()
    stream = camera.state()
    if visit.way is Way.CAMERA:
        _draw_problem(visit, stream, snapshot)
    songs = visit.session.songs()
    still = ways_in.current_still(visit, visit.way)
    if still is not None and still.analysis.estimate is not None:
        mood_card.draw_still(still.source, still.analysis.estimate)
    elif songs is not None and songs.source is MoodSource.HAND and visit.session.source is MoodSource.HAND:
        mood_card.draw_choice(songs)
    elif visit.way is not Way.CAMERA and not stream.playing:
        mood_card.draw_invitation("Your move", INVITATIONS[visit.way] if still is None else UNREAD)
    elif state.agreement(visit) is None:
        mood_card.draw_invitation(words.WELCOME, words.WELCOME_ADVICE)
    elif not camera.secure_page(st.context.url):
        mood_card.draw_invitation(words.NO_CAMERA_HERE, words.NO_CAMERA_ADVICE)
    else:
        mood_card.draw_camera_mood(snapshot, stream.playing, songs is not None)
    _draw_answer(visit, snapshot, stream)
    _draw_follow(visit, stream)
    _draw_status(snapshot, stream)


INVITATIONS = {
    Way.HAND: "Choose a word or a place, and the songs come at once.",
    Way.SNAPSHOT: "Take a picture, and the songs come at once.",
    Way.PHOTO: "Choose a photo, and the songs come at once.",
}


UNREAD = "That picture showed no face that can be read. Try another one, or say by hand how you feel."


def _draw_problem(visit: Visit, stream: camera.CameraState, snapshot: LiveSnapshot) -> None:
    problem = visit.watch.update(
        playing=stream.playing,
        signalling=stream.signalling,
        received=snapshot.stats.received,
        now_s=visit.session.elapsed_s(),
    )
    if problem is CameraProblem.CONNECTION_LOST:
        st.warning(words.CONNECTION_LOST, icon=":material/videocam_off:")
    elif problem is CameraProblem.NO_CONNECTION:
        st.warning(words.NO_CONNECTION if visit.relay else words.NO_RELAY, icon=":material/wifi_off:")
    if snapshot.stats.errors:
        st.warning(words.FRAMES_FAIL, icon=":material/error:")


def _draw_answer(visit: Visit, snapshot: LiveSnapshot, stream: camera.CameraState) -> None:
    """Was that right? The answers change how this person's face is read."""
    with st.container(key=hooks.ANSWER, horizontal=True, gap="small"):
        label = snapshot.mood.label
        if not stream.playing or label is None:
            return
        st.markdown("Was that right?", width="content")
        st.button("Yes", key=f"{hooks.ANSWER}-yes", on_click=_answer, args=(visit, label))
        with st.popover("No, it is …", key=f"{hooks.ANSWER}-no"):
            for emotion in EMOTIONS:
                name = words.EMOTION_NAMES[emotion]
                st.button(name, key=hooks.answer_button(emotion), on_click=_answer, args=(visit, emotion))


def _answer(visit: Visit, true: Emotion) -> None:
    try:
        visit.session.correct_reading(true)
    except StorageError as exc:
        st.toast(str(exc), icon=":material/error:")
    else:
        st.toast("Noted: “Your taste” shows what it changed, and undoes it.", icon=":material/check:")


def _draw_follow(visit: Visit, stream: camera.CameraState) -> None:
    if not stream.playing or visit.session.source is MoodSource.CAMERA:
        return
    st.caption("The camera is on, but the songs follow your own choice.")
    icon = ":material/videocam:"
    if st.button("Let the camera choose again", key=hooks.FOLLOW_CAMERA, icon=icon):
        visit.session.follow_camera()
        ways_in.set_way(visit, Way.CAMERA)
        st.rerun()


def _draw_status(snapshot: LiveSnapshot, stream: camera.CameraState) -> None:
    with st.container(key=hooks.STATUS_LINE):
        if not stream.playing:
            return
        stats = snapshot.stats
        delay = "–" if stats.delay_ms is None else f"{stats.delay_ms:.0f} ms"
        st.caption(
            f"{stats.analysed_fps:.1f} analysed frames/s · delay {delay} · dropped {stats.dropped} of {stats.received}"
        )


def _draw_song_list() -> None:
    draw_songs(state.visit(), short=True)


def _draw_curves() -> None:
    visit = state.visit()
    if not visit.session.history(max_points=1) and not camera.state().active:
        if visit.way is Way.CAMERA:
            load_ahead("curves-ahead")
        return
    with st.container(
        key=hooks.CURVES, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        st.header("Your mood over time")
        visit.raw_lines = st.toggle("Show every single look", value=visit.raw_lines, key="raw-lines")
    _draw_charts(visit)


def _draw_charts(visit: Visit) -> None:
    samples = visit.session.history(max_points=400, seconds=charts.WINDOW_S)
    songs = visit.session.songs()
    left, right = st.columns([7, 5], gap="large")
    with left, st.container(key=hooks.EMOTION_CHART):
        figure = charts.emotion_chart(samples, visit.raw_lines)
        draw_chart(figure, key="emotion-chart-figure", alt=charts.emotion_chart_text(samples))
    with right, st.container(key=hooks.PLANE):
        trail = visit.session.history(max_points=60, seconds=plane.TRAIL_S)
        target = songs.target if songs else None
        figure = plane.plane_chart(trail=trail, target=target)
        point = visit.session.mood().point
        draw_chart(figure, key="plane-figure", alt=plane.plane_text(point, target))
        if point is not None or target is not None:
            st.caption(PLANE_NOTE)
