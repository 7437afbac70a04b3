"""Buttons for what is the visitor's own: to take it along, to erase it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from emrs_core.ui import hooks, passing
from emrs_core.ui.state import Visit


def draw_take_away(key: str, file_name: str, data: Callable[[], str | bytes]) -> None:
    """A file to download, which is made when it is asked for."""
    st.download_button(
        "Take it with you (JSON)",
        data=data,
        file_name=file_name,
        mime="application/json",
        key=key,
        on_click="ignore",
        icon=":material/download:",
    )


def draw_erase_taste(visit: Visit, label: str) -> None:
    """Erases all that was learned of the visitor and what they wish, in the file too. Raises StorageError."""
    if st.button(label, key=hooks.ERASE_TASTE, icon=":material/delete:"):
        visit.session.music.forget_taste()
        passing.say("Erased: taste, mood offset, reading and wishes.")
        st.rerun()
