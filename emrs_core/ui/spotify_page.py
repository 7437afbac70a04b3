"""The Spotify page: how to set it up, how to connect, and what a connected listener can do."""

from __future__ import annotations

import streamlit as st

from emrs_core.ui import resources, state, style
from emrs_core.ui.spotify import browser, way_back, words
from emrs_core.ui.spotify.account import draw_account, draw_connect
from emrs_core.ui.spotify.address import address_of
from emrs_core.ui.spotify.connection import Connection
from emrs_core.ui.spotify.devices import draw_devices
from emrs_core.ui.spotify.saving import draw_saving
from emrs_core.ui.spotify.search import draw_search
from emrs_core.ui.spotify.setup import draw_setup
from emrs_core.ui.spotify.taste import draw_taste
from emrs_core.ui.state import Visit
from emrs_core.ui.wall import wall


def draw() -> None:
    """The page."""
    visit = state.visit()
    style.draw_sheet("spotify")
    st.title("Spotify")
    with wall("spotify"):
        address = address_of(st.context.url)
        if not browser.configured():
            draw_setup(address, visit.mode)
            return
        way_back.leave_behind(visit)
        connection = browser.connected()
        if connection is None:
            draw_connect(visit.spotify, address)
        else:
            _draw_connected(visit, connection)


def _draw_connected(visit: Visit, connection: Connection) -> None:
    desk = visit.spotify
    draw_account(desk, connection, visit.session.elapsed_s())
    left, right = st.columns([7, 5], gap="large")
    with left, wall("spotify-search"):
        draw_search(desk, connection)
    with right:
        with wall("spotify-devices"):
            draw_devices(desk, connection, visit.session)
        with wall("spotify-saving"):
            draw_saving(desk, connection, visit.session.songs())
        with wall("spotify-taste"):
            draw_taste(desk, connection, resources.load().services.catalogue, visit.session)
    st.caption(words.CREDIT)
