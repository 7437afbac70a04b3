"""The ways to tell a mood without the live camera: by hand, by one snapshot, by a photo."""

from __future__ import annotations

import streamlit as st

from emrs_core.affect import EMOTION_POINTS
from emrs_core.errors import ImageError, ModelError
from emrs_core.types import EMOTIONS, AffectPoint, Emotion, MoodSource
from emrs_core.ui import hooks, plane, stills, words
from emrs_core.ui.chart_view import draw_chart
from emrs_core.ui.state import StillReading, Visit, Way

WAY_HELP = "Four ways to tell your mood. The songs follow the one you used last."


def draw_way_choice(visit: Visit) -> Way:
    """The switch between the four ways; keeps the last choice while other pages are looked at."""
    if hooks.WAY_IN not in st.session_state:  # Streamlit forgets a widget while other pages are shown
        st.session_state[hooks.WAY_IN] = visit.way
    if visit.way_wanted is not None:
        st.session_state[hooks.WAY_IN], visit.way_wanted = visit.way_wanted, None
    chosen = st.segmented_control(
        "How do you want to tell your mood?",
        list(Way),
        key=hooks.WAY_IN,
        label_visibility="collapsed",
        required=True,
        help=WAY_HELP,
    )
    visit.way = Way(chosen) if chosen else visit.way
    return visit.way


def set_way(visit: Visit, way: Way) -> None:
    """Switch to another way at the page's next run: within this one the switch may have been drawn already."""
    visit.way_wanted = way


def draw_hand(visit: Visit) -> None:
    """Seven labels, the plane to click on, and two sliders for the keyboard and for fine steps."""
    with st.container(key=hooks.HAND):
        st.markdown("**How do you feel?** Choose a word …")
        with st.container(horizontal=True, gap="small"):
            for emotion in EMOTIONS:
                if st.button(words.EMOTION_NAMES[emotion], key=hooks.hand_button(emotion)):
                    choose(visit, EMOTION_POINTS[emotion], emotion)
        st.markdown("… or a place between *unpleasant* and *pleasant*, *calm* and *energetic*.")
        _plane(visit)
        _sliders(visit)


def choose(visit: Visit, point: AffectPoint, label: Emotion | None = None) -> None:
    """Take the person's word, or without one their exact place, and redraw the page."""
    if label is not None:
        visit.session.choose_mood(point, label)
    else:
        visit.session.feel(point)
    st.rerun()


def draw_snapshot(visit: Visit) -> None:
    """One picture with the camera."""
    with st.container(key=hooks.SNAPSHOT):
        picture = st.camera_input("Take one picture", key="snapshot-input", help="It is read once and not stored.")
        if picture is not None:
            _read(visit, picture.getvalue(), MoodSource.SNAPSHOT)


def draw_photo(visit: Visit) -> None:
    """One picture from a file."""
    with st.container(key=hooks.PHOTO):
        file = st.file_uploader(
            "Choose a photo with your face",
            type=list(stills.FORMATS),
            key="photo-input",
            max_upload_size=stills.MAX_MB,
            help="It is read once, in memory, and not stored.",
        )
        if file is not None:
            _read(visit, file.getvalue(), MoodSource.PHOTO)


def current_still(visit: Visit, way: Way) -> StillReading | None:
    """The picture read last, if it came by that way."""
    source = {Way.SNAPSHOT: MoodSource.SNAPSHOT, Way.PHOTO: MoodSource.PHOTO}.get(way)
    return visit.still if visit.still is not None and visit.still.source is source else None


def _read(visit: Visit, data: bytes, source: MoodSource) -> None:
    if visit.still is None or visit.still.fingerprint != stills.fingerprint(data):
        try:
            visit.still = stills.read(visit.session, data, source)
        except (ImageError, ModelError) as exc:
            visit.still = None
            st.error(str(exc), icon=":material/broken_image:")
            return
    _show(visit.still)


def _show(still: StillReading) -> None:
    listener = still.analysis.listener
    if listener is None:
        st.warning(
            "No face was found in this picture. Take one from the front, with light on the face.",
            icon=":material/face_retouching_off:",
        )
    elif still.analysis.estimate is None:
        advice = " ".join(words.ADVICE[reason] for reason in listener.quality.reasons)
        st.warning(f"A face is there, but it cannot be read. {advice}", icon=":material/visibility_off:")
    if still.source is MoodSource.PHOTO:
        st.image(still.picture, width="stretch", alt="Your photo, with the faces that were found framed")


def _plane(visit: Visit) -> None:
    songs = visit.session.songs()
    target = songs.target if songs else None
    alt = f"{plane.plane_text(None, target)} Click to choose a place; the sliders below do the same."
    clicked = draw_chart(plane.plane_chart(target=target, clickable=True), key=f"{hooks.HAND}-plane", alt=alt)
    if target is not None:
        st.caption("The ring is where the music leads.")
    if clicked is not None:
        choose(visit, clicked)


def _sliders(visit: Visit) -> None:
    fine = st.expander("In fine steps, or by keyboard", icon=":material/tune:")
    with fine, st.form(f"{hooks.HAND}-form", border=False):
        left, right = st.columns(2)
        valence = left.slider("Unpleasant – pleasant", -1.0, 1.0, 0.0, 0.1, key=f"{hooks.HAND}-valence")
        arousal = right.slider("Calm – energetic", -1.0, 1.0, 0.0, 0.1, key=f"{hooks.HAND}-arousal")
        if st.form_submit_button("Songs for this place", icon=":material/queue_music:"):
            choose(visit, AffectPoint(valence, arousal))
