"""The Music page: what the person wants, the plane with the way and the songs on it, and the queue."""

from __future__ import annotations

import streamlit as st

from emrs_core.affect import EMOTION_POINTS
from emrs_core.music.goals import Goal
from emrs_core.session import ListenerSession
from emrs_core.types import EMOTIONS, Emotion, MoodSource
from emrs_core.ui import camera, hooks, state, words
from emrs_core.ui.plane_view import draw_plane
from emrs_core.ui.songs_view import draw_songs
from emrs_core.ui.spotify.actions import draw_actions
from emrs_core.ui.state import Visit
from emrs_core.ui.wall import fragment, wall
from emrs_core.ui.wish_view import draw_wish

REDRAW_S = 1.0


def draw() -> None:
    """The page: one fragment, so that controls, plane and list always answer together and without the other pages."""
    st.title("Music")
    fragment("music", _draw, REDRAW_S if camera.state().playing else None)


def _draw() -> None:
    visit = state.visit()
    problem = visit.session.music.storage_problem
    with st.container(key=hooks.MUSIC_PROBLEM):
        if problem is not None:
            st.warning(problem, icon=":material/save:")
    with wall("wish"):
        draw_wish(visit.session)
    left, right = st.columns([5, 7], gap="large")
    with left, wall("plane"), st.container(key=hooks.MOOD_PLANE):
        _draw_mood(visit)
    with right:
        with wall("songs"):
            draw_songs(visit)
        with wall("spotify-actions"):
            draw_actions(visit)


def _draw_mood(visit: Visit) -> None:
    session = visit.session
    draw_plane(session)
    st.caption(_hint(session))
    with st.container(horizontal=True, gap="small", horizontal_alignment="center", key=hooks.HAND):
        for emotion in EMOTIONS:
            st.button(
                words.EMOTION_NAMES[emotion],
                key=hooks.hand_button(emotion),
                on_click=_choose,
                args=(session, emotion),
            )
    if camera.state().playing and session.source is not MoodSource.CAMERA:
        st.button(
            "Let the camera choose again",
            key=hooks.FOLLOW_CAMERA,
            icon=":material/videocam:",
            on_click=session.follow_camera,
        )


def _choose(session: ListenerSession, emotion: Emotion) -> None:
    session.choose_mood(EMOTION_POINTS[emotion], emotion)


def _hint(session: ListenerSession) -> str:
    if session.mood_point() is None:
        return "**How do you feel?** Tap a place on the plane, or choose a word."
    where = "The dot is how you feel"
    if session.music.wish.goal is not Goal.STAY:
        return f"{where}, the ring is where the music leads. Drag either, or tap where you want to go."
    return f"{where}: drag it, or choose a word."
