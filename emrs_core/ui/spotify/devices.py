"""The listener's own devices: which one, what it plays, and the buttons for it."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import Final

import streamlit as st

from emrs_core.music.links import track_url
from emrs_core.music.spotify.scopes import Step
from emrs_core.session import ListenerSession
from emrs_core.streaming import Device, NowPlaying
from emrs_core.ui import hooks, state
from emrs_core.ui.spotify import words
from emrs_core.ui.spotify.account import needs
from emrs_core.ui.spotify.connection import Connection
from emrs_core.ui.spotify.desk import Desk, draw_failure
from emrs_core.ui.spotify.device_watch import watch
from emrs_core.ui.spotify.songs import play_list
from emrs_core.ui.wall import fragment

TICK_S: Final = 1.0
"""How often the card looks for an answer; it is redrawn alone, without the page."""


def draw_devices(desk: Desk, connection: Connection, session: ListenerSession) -> None:
    """The section."""
    with st.container(key=hooks.SPOTIFY_DEVICES):
        st.header("Your devices")
        if needs(desk, connection, Step.PLAYER):
            return
        if not desk.calls.asked("devices"):
            _look(desk, connection)
        fragment("spotify-now", lambda: _draw_now(desk, connection), TICK_S)
        _draw_buttons(desk, connection, session)
        _draw_choice(desk)
        if st.button("Look again", key="spotify-look", icon=":material/refresh:", type="tertiary"):
            _look(desk, connection)
            st.rerun()


def _draw_now(desk: Desk, connection: Connection) -> None:
    """What plays, asked for again now and then; a service that refused is left alone for a while."""
    following = watch(state.visit(), connection)
    if not following.answered:
        st.caption(words.ASKING)
    elif following.failure is not None:
        draw_failure(desk, following.failure, Step.PLAYER)
    else:
        st.html(_now_card(following.now))


def _now_card(now: NowPlaying | None) -> str:
    place = f'<div class="emrs-remote-place">{escape(words.playing(now))}</div>'
    track = now.track if now else None
    if track is None:
        return f'<div class="emrs-remote">{place}</div>'
    link = f' <a href="{track_url(track.id)}" target="_blank">Open in Spotify</a>' if track.id else ""
    return (
        f'<div class="emrs-remote">{place}<div class="emrs-now-title">{escape(track.title)}</div>'
        f'<div class="emrs-now-artist">{escape(track.artist)}</div>{link}</div>'
    )


def _draw_buttons(desk: Desk, connection: Connection, session: ListenerSession) -> None:
    songs, service, device = session.music.songs(), connection.service, desk.device_id
    with st.container(horizontal=True, gap="small"):
        tracks = [item.track for item in songs.items] if songs else []
        help_text = "Play the current list from its first song" if tracks else "There is no list yet"
        if st.button(
            "Play my list", key="spotify-play", icon=":material/play_arrow:", disabled=not tracks, help=help_text
        ):
            desk.act("play", partial(play_list, connection, tracks, device))
        if st.button("Pause", key="spotify-pause", icon=":material/pause:"):
            desk.act("pause", partial(service.pause, device))
        if st.button("Next", key="spotify-next", icon=":material/skip_next:"):
            desk.act("next", partial(service.next, device))
    tell_player(desk)


def tell_player(desk: Desk) -> None:
    """What became of the last command to a device; once one worked, what plays is asked for at the next tick."""
    done = [
        desk.tell("play", words.plays, Step.PLAYER),
        desk.tell("queue", lambda _: "Added to the queue.", Step.PLAYER),
        desk.tell("pause", lambda _: "Paused.", Step.PLAYER),
        desk.tell("next", lambda _: "On to the next song.", Step.PLAYER),
    ]
    if done[0]:  # told in a part that redraws alone, it is known nowhere else any more
        desk.following.begin(state.visit().session.elapsed_s())
    if any(done):
        desk.following.soon()


def _draw_choice(desk: Desk) -> None:
    answer = desk.calls.answer("devices")
    if answer is not None and answer.failure is not None:
        draw_failure(desk, answer.failure, Step.PLAYER)
    elif answer is not None and not answer.value:
        st.info(words.NO_DEVICE, icon=":material/speaker:")
    elif answer is not None:
        _choose(desk, answer.value)


def _choose(desk: Desk, devices: tuple[Device, ...]) -> None:
    """Whichever plays, if one does; else the listener says which."""
    names = {device.id: words.device_name(device) for device in devices}
    active = next((device.id for device in devices if device.active), None)
    chosen = desk.device_id if desk.device_id in names else active or next(iter(names))
    options = list(names)
    desk.device_id = st.selectbox("Play on", options, options.index(chosen), format_func=names.__getitem__)


def _look(desk: Desk, connection: Connection) -> None:
    """Ask which devices there are, and what plays."""
    desk.calls.ask("devices", connection.service.devices)
    desk.following.soon()
