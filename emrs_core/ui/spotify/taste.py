"""Opt-in: the listener's saved and most played songs take part in the lists, for as long as this is on."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from html import escape
from typing import Final

import streamlit as st

from emrs_core.music.links import track_url
from emrs_core.music.spotify.familiar import FamiliarSongs
from emrs_core.music.spotify.scopes import Step
from emrs_core.protocols import Catalogue
from emrs_core.session import ListenerSession
from emrs_core.streaming import ServiceTrack
from emrs_core.ui import hooks
from emrs_core.ui.spotify import words
from emrs_core.ui.spotify.account import needs
from emrs_core.ui.spotify.connection import Connection
from emrs_core.ui.spotify.desk import Desk, draw_failure

MOST_LISTED: Final = 100
"""Rows of each list: enough to see what kind of songs they are."""


def draw_taste(desk: Desk, connection: Connection, catalogue: Catalogue, session: ListenerSession) -> None:
    """The section: switch, and which songs take part and which do not, with the reason."""
    with st.container(key=hooks.SPOTIFY_TASTE):
        st.header("Your own songs")
        if needs(desk, connection, Step.LISTEN):
            return
        under_way = desk.calls.waits_for("taste")
        wanted = st.toggle(
            "Let my saved and most played songs take part",
            value=connection.familiar is not None or under_way,
            key="spotify-taste-on",
            help=words.TASTE,
        )
        if wanted and connection.familiar is None and not desk.calls.asked("taste"):
            desk.act("taste", partial(connection.take_part, catalogue))
        if not wanted and (connection.familiar is not None or desk.calls.asked("taste")):
            desk.calls.drop("taste")
            connection.leave_out()
            session.music.other_songs()
            st.rerun()
        _draw_state(desk, connection, session)


def _draw_state(desk: Desk, connection: Connection, session: ListenerSession) -> None:
    answer = desk.calls.answer("taste")
    if answer is not None and answer.failure is None:  # just arrived: the list is made anew with them
        desk.calls.drop("taste")
        session.music.other_songs()
    if answer is not None and answer.failure is not None:
        draw_failure(desk, answer.failure, Step.LISTEN)
    elif connection.familiar is not None:
        _draw_songs(connection.familiar)
    elif desk.calls.waits_for("taste"):
        st.caption(words.ASKING)
    else:
        st.caption(words.TASTE)


def _draw_songs(familiar: FamiliarSongs) -> None:
    st.markdown(words.taking_part(len(familiar.matched), len(familiar.unmatched)))
    if familiar.matched:
        with st.expander("These take part"):
            _draw_rows((song.theirs, "") for song in familiar.matched[:MOST_LISTED])
    if familiar.unmatched:
        with st.expander("These do not, and why"):
            _draw_rows((song.theirs, song.reason) for song in familiar.unmatched[:MOST_LISTED])


def _draw_rows(rows: Iterable[tuple[ServiceTrack, str]]) -> None:
    st.html(f'<ul class="emrs-own-songs">{"".join(_row(track, reason) for track, reason in rows)}</ul>')


def _row(track: ServiceTrack, reason: str) -> str:
    title = escape(track.title)
    if track.id:
        title = f'<a href="{track_url(track.id)}" target="_blank">{title}</a>'
    why = f'<span class="emrs-own-why">{escape(reason)}</span>' if reason else ""
    return f"<li>{title} – {escape(track.artist)}{why}</li>"
