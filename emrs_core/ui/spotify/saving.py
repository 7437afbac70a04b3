"""Keep the current list as a private playlist, under a name of the listener's own."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import streamlit as st

from emrs_core.music.links import playlist_url
from emrs_core.music.queue import SongList
from emrs_core.music.spotify.scopes import Step
from emrs_core.ui import hooks, times
from emrs_core.ui.spotify import words
from emrs_core.ui.spotify.account import needs
from emrs_core.ui.spotify.connection import Connection
from emrs_core.ui.spotify.desk import Desk, draw_failure
from emrs_core.ui.spotify.songs import KeptList, keep_list


def draw_saving(desk: Desk, connection: Connection, songs: SongList | None) -> None:
    """The section: name, button, and what came of it. The name has no emotion in it unless the listener types one."""
    with st.container(key=hooks.SPOTIFY_SAVING):
        st.header("Keep this list")
        if songs is None or not songs.items:
            st.markdown(words.NO_LIST)
        elif not needs(desk, connection, Step.PLAYLIST):
            draw_save_form(desk, connection, songs)


def draw_save_form(desk: Desk, connection: Connection, songs: SongList) -> None:
    """Name and button for a list; the same list is kept once, however often the button is pressed."""
    name = st.text_input(
        "Name of the playlist",
        words.playlist_name(_today()),
        max_chars=100,
        key="spotify-playlist-name",
        help="Spotify shows it in your library. Your mood is not in it, unless you write it there.",
    )
    tracks = tuple(item.track for item in songs.items)
    if st.button(f"Save {words.songs(len(tracks))} as a playlist", key="spotify-save", icon=":material/playlist_add:"):
        desk.act(_name(songs), partial(keep_list, connection, name, tracks, f"list-{songs.version}"))
    _draw_saved(desk, _name(songs))


def _draw_saved(desk: Desk, name: str) -> None:
    answer = desk.calls.answer(name)
    if answer is None:
        if desk.calls.waits_for(name):
            st.caption(words.ASKING)
    elif answer.failure is not None:
        draw_failure(desk, answer.failure, Step.PLAYLIST)
    else:
        kept: KeptList = answer.value
        link = f"[Open it]({playlist_url(kept.playlist.id)})"
        st.success(f"{words.saved(kept.playlist)}{words.missing(kept.found)} {link}", icon=":material/check:")


def _name(songs: SongList) -> str:
    """Each list has an answer of its own: what is said of one is not taken for the next."""
    return f"save-{songs.version}"


def _today() -> datetime:
    return datetime.now(times.place(st.context.timezone) or UTC)
