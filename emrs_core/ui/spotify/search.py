"""Search all of Spotify by title and artist; play, queue or like what is found."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import Final

import streamlit as st

from emrs_core.music.links import track_url
from emrs_core.music.spotify.scopes import Step
from emrs_core.streaming import ServiceTrack
from emrs_core.ui import hooks
from emrs_core.ui.spotify import words
from emrs_core.ui.spotify.connection import Connection
from emrs_core.ui.spotify.desk import Desk, draw_failure
from emrs_core.ui.spotify.way_in import draw_login

MOST_SHOWN: Final = 10
"""As many as Spotify gives to one search of a new app."""


def draw_search(desk: Desk, connection: Connection) -> None:
    """The section."""
    with st.container(key=hooks.SPOTIFY_SEARCH):
        st.header("Find a song")
        with st.form("spotify-search-form", border=False):
            left, right, button = st.columns([5, 5, 3], vertical_alignment="bottom")
            title = left.text_input("Title", key="spotify-title")
            artist = right.text_input("Artist", key="spotify-artist")
            pressed = button.form_submit_button("Search", icon=":material/search:", width="stretch")
        if pressed:
            desk.act("search", partial(connection.service.search, title, artist, MOST_SHOWN))
        _draw_results(desk, connection)


def _draw_results(desk: Desk, connection: Connection) -> None:
    answer = desk.calls.answer("search")
    if answer is None:
        if desk.calls.waits_for("search"):
            st.caption(words.ASKING)
    elif answer.failure is not None:
        draw_failure(desk, answer.failure, Step.LISTEN)
    elif not answer.value:
        st.markdown(words.NO_RESULT)
    else:
        desk.tell("like", lambda _: "Liked: it is among your liked songs now.", Step.LIKE)
        for number, track in enumerate(answer.value[:MOST_SHOWN]):
            _draw_result(desk, connection, number, track)
        if not connection.allows(Step.LIKE):
            draw_login(desk.ticket, Step.LIKE)


def _draw_result(desk: Desk, connection: Connection, number: int, track: ServiceTrack) -> None:
    with st.container(key=f"{hooks.SPOTIFY_FOUND}{number}", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(_about(track), width="stretch")
        if track.id is None:
            return
        service, device, track_id = connection.service, desk.device_id, track.id
        for name, icon, help_text, step, question in (
            ("play", "play_arrow", "Play on your device", Step.PLAYER, partial(service.play, [track_id], device)),
            ("queue", "queue_music", "Add to the queue", Step.PLAYER, partial(service.queue, track_id, device)),
            ("like", "favorite", "Like", Step.LIKE, partial(service.like, track_id)),
        ):
            allowed = connection.allows(step)
            why = help_text if allowed else f"{help_text}: needs your permission first"
            if st.button("", key=f"spotify-{name}-{number}", icon=f":material/{icon}:", help=why, disabled=not allowed):
                desk.act(name, question)


def _about(track: ServiceTrack) -> str:
    link = f'<a href="{track_url(track.id)}" target="_blank">Open in Spotify</a>' if track.id else "A file of your own"
    album = f" · {escape(track.album)}" if track.album else ""
    return (
        f'<div class="emrs-now-title">{escape(track.title)}</div>'
        f'<div class="emrs-now-artist">{escape(track.artist)}{album}</div><div class="emrs-found-link">{link}</div>'
    )
