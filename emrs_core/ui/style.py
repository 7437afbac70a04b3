"""Styles beyond the theme: one file, the emotions' colours, and where the camera is shown on this page."""

from __future__ import annotations

from functools import cache

import streamlit as st

from emrs_core.ui.component import ASSETS
from emrs_core.ui.palette import css_variables


def draw_base() -> None:
    """What every page needs. Takes no room on the page."""
    st.html(f"<style>:root {{ {css_variables()} }}\n{_sheet('page')}</style>")


def draw_layout(*, live: bool, camera_way: bool, playing: bool, returned: bool = False, music: bool = False) -> None:
    """Show the camera large (Live, told by camera), docked at the corner (it runs), or not at all (it does not).

    ``returned``: it ran until the listener went to log in; its Start button then waits at the corner. ``music``: the
    player stands on top of the page instead of at the bottom of the window.
    """
    sheets = [] if live else ["no-stage"]
    if not camera_way:
        sheets.append("camera-docked" if playing else "camera-returned" if returned else "camera-hidden")
    if music:
        sheets.append("player-top")
    st.html(f"<style>.emrs-layout {{ display: none; }}\n{''.join(_sheet(sheet) for sheet in sheets)}</style>")


def draw_sheet(name: str) -> None:
    """The styles of one page alone."""
    st.html(f"<style>{_sheet(name)}</style>")


@cache
def _sheet(name: str) -> str:
    return (ASSETS / f"{name}.css").read_text(encoding="utf-8")
