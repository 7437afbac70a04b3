"""Who is connected, what they allowed, and the way out."""

from __future__ import annotations

from html import escape

import streamlit as st

from emrs_core.music.spotify.outcomes import Outcome
from emrs_core.music.spotify.scopes import Step
from emrs_core.ui import hooks
from emrs_core.ui.spotify import browser, words
from emrs_core.ui.spotify.address import Address
from emrs_core.ui.spotify.connection import Connection
from emrs_core.ui.spotify.desk import Desk
from emrs_core.ui.spotify.way_in import draw_login


def draw_connect(desk: Desk, address: Address) -> None:
    """For somebody who is not connected: what it is good for, and the button."""
    with st.container(key=hooks.SPOTIFY_CONNECT, border=True):
        st.header("Connect your account")
        st.markdown(words.CONNECT_INTRO)
        draw_login(desk.ticket, Step.LISTEN)
        if address.open_at is not None:
            st.caption(words.BACK_AT_NUMBER)
        st.caption(f"Spotify asks you first. {words.PERMISSIONS[Step.LISTEN].reason} Everything else is asked later.")
        st.caption(words.OTHER_TAB)


def draw_account(desk: Desk, connection: Connection, now_s: float) -> None:
    """Whose account, what is allowed, and Disconnect. ``now_s`` is the visit's time."""
    with st.container(key=hooks.SPOTIFY_ACCOUNT, border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            name = escape(connection.account.name or "your account")
            st.html(f'<p class="emrs-account">Connected as <strong>{name}</strong></p>', width="content")
            if st.button(
                "Disconnect", key=hooks.SPOTIFY_DISCONNECT, icon=":material/link_off:", help=words.DISCONNECT_HELP
            ):
                browser.disconnect()
                desk.clear()
                desk.end(Outcome.DISCONNECTED, now_s)
                st.rerun()
        with st.expander("What you allowed, and what each is for"):
            for step in Step:
                _draw_permission(desk, connection, step)


def _draw_permission(desk: Desk, connection: Connection, step: Step) -> None:
    permission, allowed = words.PERMISSIONS[step], connection.allows(step)
    mark = ":material/check_circle:" if allowed else ":material/radio_button_unchecked:"
    st.markdown(f"{mark} **{permission.allowed}.** {permission.reason}")
    if not allowed:
        draw_login(desk.ticket, step)


def needs(desk: Desk, connection: Connection, step: Step) -> bool:
    """Whether the listener has to allow that first; then says why and shows the way."""
    if connection.allows(step):
        return False
    st.markdown(words.PERMISSIONS[step].reason)
    draw_login(desk.ticket, step)
    return True
