"""Looks whether an answer has come, and redraws the page once when it has."""

from __future__ import annotations

from typing import Final

import streamlit as st

from emrs_core.ui import state
from emrs_core.ui.wall import fragment

REDRAW_S: Final = 0.4
"""A glance at memory; a person takes less than half a second for at once."""


def draw_watch() -> None:
    """Draw it last, at a fixed place of every page: by then it is known whether anything is awaited."""
    waiting = state.visit().spotify.calls.waiting
    fragment("spotify-watch", _look, REDRAW_S if waiting else None)


def _look() -> None:
    if state.visit().spotify.calls.take_in():  # also what this page does not show: it waits for the page that does
        st.rerun()
