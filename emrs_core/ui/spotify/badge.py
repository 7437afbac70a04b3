"""What every page shows of Spotify: who is connected, and how a login ended."""

from __future__ import annotations

from html import escape
from typing import Final

import streamlit as st

from emrs_core.errors import EmrsError
from emrs_core.music.spotify.outcomes import SENTENCES, Outcome
from emrs_core.ui import hooks
from emrs_core.ui.component import component
from emrs_core.ui.spotify import browser, words
from emrs_core.ui.spotify.connection import Connection
from emrs_core.ui.spotify.songs import heard_at, own_songs_of
from emrs_core.ui.state import Visit

SHOWN_S: Final = 30.0
"""So long a notice stays; redraws meanwhile do not take it away."""


def draw_badge(visit: Visit) -> None:
    """One small line; empty while nobody is connected. The visit's lists learn of the connection here."""
    with st.container(key=hooks.SPOTIFY_BADGE):
        connection = _connected()
        visit.session.music.also_prefer(own_songs_of(connection))
        visit.session.music.also_hears(heard_at(connection, visit.session.music))
        if connection is not None:
            st.html(f'<p class="emrs-badge">Spotify: {escape(connection.account.name)}</p>')


def draw_notice(visit: Visit) -> None:
    """How a login or a farewell ended, at a fixed place that is empty otherwise."""
    desk, now_s = visit.spotify, visit.session.elapsed_s()
    ended = browser.outcome()
    if ended is not None:
        desk.end(ended, now_s)
    with st.container(key=hooks.SPOTIFY_NOTICE):
        if desk.outcome is None:
            return
        if now_s - desk.outcome_at_s > SHOWN_S:
            desk.outcome = None
        elif desk.outcome is Outcome.CONNECTED:
            desk.outcome = None
            st.toast(SENTENCES[Outcome.CONNECTED], icon=":material/check:")
        elif desk.outcome is Outcome.DISCONNECTED:
            component("farewell")(key="spotify-farewell")
            st.success(words.DISCONNECTED, icon=":material/check:")
        else:
            st.warning(SENTENCES[desk.outcome], icon=":material/info:")


def _connected() -> Connection | None:
    try:
        return browser.connected()
    except EmrsError:  # the Spotify page says what is wrong
        return None
