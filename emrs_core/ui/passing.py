"""Answers in passing that outlive a redraw: Streamlit throws a toast away when the page is drawn anew at once."""

from __future__ import annotations

from typing import Final

import streamlit as st

_KEY: Final = "emrs_passing"


def say(text: str) -> None:
    """Say that something was done, at the end of the next run of the page that comes to its end. Script thread."""
    st.session_state.setdefault(_KEY, []).append(text)


def draw_said() -> None:
    """Show what waits to be said. Call it last in the page's run: what comes before may ask for yet another."""
    for text in st.session_state.pop(_KEY, ()):
        st.toast(text, icon=":material/check:")
