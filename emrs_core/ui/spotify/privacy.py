"""What the page *Your data* says of Spotify."""

from __future__ import annotations

from typing import Final

import streamlit as st

from emrs_core.ui import hooks
from emrs_core.ui.spotify import browser

CONNECTED: Final = """
Your Spotify account is connected. On this server, for this browser alone: the keys to the account{kept}, your name
there, what Spotify answered since you opened the page, and what was worked out from it. Your browser holds a cookie
without meaning of its own. Spotify learns what you ask of it here: searches, the songs you play, keep or like. It never
learns your mood, and nothing that it answers is learned from or written into your data. **Disconnect** on the page
*Spotify* erases all of it at once.
"""
KEPT: Final = " (sealed in a file, so that they outlast a restart)"
NOT_CONNECTED: Final = """
Your Spotify account is not connected, and nothing of one is kept. Should you connect it, the page *Spotify* says what
is asked for and why; the keys stay on this server, and **Disconnect** erases them with everything that came with them.
"""


def draw_privacy() -> None:
    """A paragraph; nothing where no account can be connected."""
    if not browser.configured():
        return
    with st.container(key=hooks.SPOTIFY_PRIVACY):
        st.header("Spotify")
        connected = browser.connected() is not None
        st.markdown(CONNECTED.format(kept=KEPT if browser.keeps() else "") if connected else NOT_CONNECTED)
