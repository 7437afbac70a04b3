"""On the Music page: keep the list as a playlist, play it on a device, like what plays here."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from emrs_core.music.spotify.scopes import Step
from emrs_core.types import Track
from emrs_core.ui import hooks, style
from emrs_core.ui.spotify import browser, way_back
from emrs_core.ui.spotify.connection import Connection
from emrs_core.ui.spotify.desk import Desk
from emrs_core.ui.spotify.devices import tell_player
from emrs_core.ui.spotify.saving import draw_save_form
from emrs_core.ui.spotify.songs import play_list
from emrs_core.ui.spotify.way_in import draw_login
from emrs_core.ui.state import Visit

BACK: Final = "/music"


def draw_actions(visit: Visit) -> None:
    """A row under the list, once there is one and the app has a Client ID; else nothing."""
    songs = visit.session.music.songs()
    if songs is None or not songs.items or not browser.configured():
        return
    style.draw_sheet("spotify")
    way_back.leave_behind(visit)
    desk, connection = visit.spotify, browser.connected()
    with st.container(key=hooks.SPOTIFY_ACTIONS):
        if connection is None:
            st.caption("Keep this list as a playlist, or play it on your own device:")
            draw_login(desk.ticket, Step.LISTEN, BACK)
            return
        with st.container(horizontal=True, gap="small"):
            with st.popover("Save as playlist", icon=":material/playlist_add:"):
                if connection.allows(Step.PLAYLIST):
                    draw_save_form(desk, connection, songs)
                else:
                    draw_login(desk.ticket, Step.PLAYLIST, BACK)
            _draw_play(desk, connection, [item.track for item in songs.items])
            _draw_like(desk, connection, visit)
        tell_player(desk)
        desk.tell("like", lambda _: "Liked: it is among your liked songs now.", Step.LIKE)


def _draw_play(desk: Desk, connection: Connection, tracks: list[Track]) -> None:
    if not connection.allows(Step.PLAYER):
        with st.popover("Play on my device", icon=":material/speaker:"):
            draw_login(desk.ticket, Step.PLAYER, BACK)
    elif st.button("Play on my device", key="spotify-play-list", icon=":material/speaker:"):
        desk.act("play", partial(play_list, connection, tracks, desk.device_id))


def _draw_like(desk: Desk, connection: Connection, visit: Visit) -> None:
    playing = visit.session.music.playing()
    if playing is None:
        return
    track = playing.track
    if not connection.allows(Step.LIKE):
        with st.popover("Like", icon=":material/favorite:"):
            draw_login(desk.ticket, Step.LIKE, BACK)
    elif st.button("Like", key="spotify-like-playing", icon=":material/favorite:", help=f"Like “{track.title}”"):
        desk.act("like", partial(connection.service.like, track.id))
