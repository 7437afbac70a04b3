"""The Music page: the list in full, its length, the mood by hand, and where the songs lie on the plane."""

from __future__ import annotations

import streamlit as st

from emrs_core.session import LIST_SIZES
from emrs_core.ui import camera, hooks, plane, state, ways_in
from emrs_core.ui.chart_view import draw_chart
from emrs_core.ui.songs_view import draw_songs
from emrs_core.ui.spotify.actions import draw_actions
from emrs_core.ui.state import Visit
from emrs_core.ui.wall import fragment, wall

REDRAW_S = 2.0


def draw() -> None:
    """The page."""
    visit = state.visit()
    st.title("Music")
    run_every = REDRAW_S if camera.state().playing else None
    left, right = st.columns([7, 5], gap="large")
    with left:
        fragment("songs", _draw_song_list, run_every)
        with wall("spotify-actions"):
            draw_actions(visit)
    with right, wall("choice"):
        _draw_size(visit)
        st.subheader("Another mood")
        ways_in.draw_hand(visit, "music")
    fragment("map", _draw_map, run_every)


def _draw_song_list() -> None:
    draw_songs(state.visit())


def _draw_size(visit: Visit) -> None:
    size = st.slider(
        "Songs in the list", LIST_SIZES.start, LIST_SIZES.stop - 1, visit.session.list_size, key=hooks.LIST_SIZE
    )
    if size != visit.session.list_size:
        visit.session.set_list_size(size)
        st.rerun()


def _draw_map() -> None:
    songs = state.visit().session.songs()
    if songs is None or not songs.items:
        return
    aim = songs.items[0].waypoint  # where the songs were looked for: a very low mood is not matched all the way down
    with st.container(key=hooks.SONG_MAP):
        st.subheader("Where these songs lie")
        st.caption("Each dot is a song; the ring is what they aim at. A song's place follows its valence and energy.")
        draw_chart(
            plane.plane_chart(target=aim, songs=songs.items),
            key="song-map-figure",
            alt=f"{len(songs.items)} songs on the plane. {plane.plane_text(None, aim)}",
        )
