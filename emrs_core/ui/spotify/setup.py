"""Before there is a Client ID: what to do at Spotify and here, step by step, with what to copy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from emrs_core.settings import Mode
from emrs_core.ui import hooks
from emrs_core.ui.spotify.address import Address

DASHBOARD: Final = "https://developer.spotify.com/dashboard"
SETTING: Final = "EMRS_SPOTIFY_CLIENT_ID"

INTRO: Final = {
    Mode.LOCAL: (
        "EMRS can save its lists as playlists in your own account, play on your own devices and search all of Spotify. "
        "For that, Spotify wants every copy of a program to be registered by the person who runs it. That is done "
        "once."
    ),
    Mode.HOSTED: (
        "Whoever runs this server has not connected it to Spotify. **You need nothing for the music itself**: every "
        "song plays in the page, and opens in Spotify. The steps below are for the person who runs the server."
    ),
}
WITHOUT: Final = (
    "Without any of this, songs play in the page and open in Spotify. Nothing else in EMRS depends on an account."
)
NEEDS: Final = (
    "**What you need.** A Spotify account with **Premium** for the one who registers; Spotify asks this of every new "
    "app since 2026. People who log in later can have a free account, but only Premium plays on a device."
)
LIMIT: Final = (
    "**How many people.** A new app is in *development mode*: at most **five** people, each entered by name and e-mail "
    "address under *User management* at Spotify before they log in. You yourself are one of them."
)
NO_SECRET: Final = "The *Client secret* beside it is not needed. Do not put it anywhere."
INSECURE: Final = (
    "Spotify sends people back only to **https** addresses, or to `127.0.0.1` on their own machine. This page is "
    "neither, so a login cannot work here. Open the dashboard by its https address, or on the machine that runs it."
)


def draw_setup(address: Address, mode: Mode) -> None:
    """The whole walk. ``address`` is this page's own; ``mode`` says whether the visitor runs the server."""
    with st.container(key=hooks.SPOTIFY_SETUP):
        st.markdown(INTRO[mode])
        _draw_step(1, "Register an app at Spotify", _draw_register)
        _draw_step(2, "Give it this address", lambda: _draw_redirect(address))
        _draw_step(3, "Bring its Client ID here", _draw_client_id)
        _draw_step(4, "Name the people who may log in", lambda: st.markdown(LIMIT))
        st.caption(WITHOUT)


def _draw_step(number: int, title: str, draw: Callable[[], object]) -> None:
    with st.container(key=f"{hooks.SPOTIFY_STEP}{number}", border=True):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(f'<span class="emrs-step">{number}</span>', width="content")
            st.header(title, anchor=False, width="stretch")
        draw()


def _draw_register() -> None:
    st.markdown(
        "Open Spotify's dashboard for developers, log in, and choose **Create app**. Name and description are yours "
        "to choose; people see them when they log in. Under *APIs used* tick **Web API**."
    )
    st.markdown(NEEDS)
    st.link_button("Spotify’s dashboard for developers", DASHBOARD, icon=":material/open_in_new:")


def _draw_redirect(address: Address) -> None:
    if address.redirect_uri is None:
        st.warning(INSECURE, icon=":material/lock_open:")
        return
    st.markdown("In the same form, paste this under **Redirect URIs**, press *Add*, then *Save*. Letter by letter:")
    st.code(address.redirect_uri, language=None, wrap_lines=True)
    if address.open_at is not None:
        st.markdown(
            f"Spotify refuses the name `localhost`, so from then on open the dashboard at [{address.open_at}]"
            f"({address.open_at}). It is the same machine under its number."
        )
    st.caption("Used under several addresses? Add one line for each; open this page there to see it.")


def _draw_client_id() -> None:
    st.markdown(f"Copy the **Client ID** from the app's *Settings*. {NO_SECRET} Then start EMRS with it:")
    own, cloud = st.tabs(["In the environment", "As a Streamlit secret"])
    with own:
        st.code(f"{SETTING}=your-client-id python -m streamlit run dashboard.py", language=None, wrap_lines=True)
        st.caption(f"On Windows: `set {SETTING}=your-client-id` first, then the command as ever.")
    with cloud:
        st.code(f'{SETTING} = "your-client-id"', language=None)
        st.caption(
            "In the file `.streamlit/secrets.toml`, or in the *Secrets* box of Streamlit Community Cloud. Restart EMRS "
            "afterwards: settings are read once, at the start."
        )
