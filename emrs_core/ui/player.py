"""The player: one Spotify embed in a dock at the bottom of every page, so that the music goes on while one looks round.

It is drawn by the entry script at a fixed place. Streamlit keeps a frame whose address and place stay the same, so
neither a page switch nor the live redraws start the song over.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from emrs_core.music.links import embed_url, track_url
from emrs_core.session import ListenerSession
from emrs_core.types import Track
from emrs_core.ui import hooks
from emrs_core.ui.component import component

EMBED_HEIGHT_PX = 80
"""Spotify's compact player."""

REACH = {
    "url": "https://open.spotify.com/favicon.ico",
    "reached": "",
    "unreachable": "The player needs the internet, and Spotify cannot be reached now. All the rest goes on working.",
}


def draw_player(session: ListenerSession) -> None:
    """The dock with the song that plays; nothing while none does."""
    track = session.now_playing
    if track is None:
        return
    with st.container(key="player-row", horizontal=True, vertical_alignment="center", gap="medium"):
        with st.container(key="player-about", width=230):
            st.html(_about(track))
        with st.container(key="player-embed", width="stretch", gap=None):
            st.iframe(embed_url(track.id), height=EMBED_HEIGHT_PX, alt=f"Player: {track.title} by {track.artist}")
            component("reach")(key="player-reach", data=REACH)
        with st.container(key="player-actions", horizontal=True, width="content", gap="small"):
            st.link_button("Open in Spotify", track_url(track.id), icon=":material/open_in_new:")
            if st.button("Stop", key=hooks.STOP_PLAYING, icon=":material/stop:", help="Close the player"):
                session.stop_playing()
                st.rerun()


def _about(track: Track) -> str:
    return (
        f'<div class="emrs-now-title">{escape(track.title)}</div>'
        f'<div class="emrs-now-artist">{escape(track.artist)} · {track.year}</div>'
        '<div class="emrs-now-note">Silent? Log in to Spotify in this browser, or open it there.</div>'
    )
