"""Styles beyond the theme: one file, the emotions' colours, and where the camera is shown on this page."""

from __future__ import annotations

from functools import cache

import streamlit as st

from emrs_core.ui.component import ASSETS
from emrs_core.ui.palette import css_variables


def draw_base() -> None:
    """What every page needs. Takes no room on the page."""
    draw_css(f":root {{ {css_variables()} }}\n{_sheet('page')}")


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
    draw_css("".join(_sheet(sheet) for sheet in sheets))


def draw_sheet(name: str) -> None:
    """The styles of one page alone."""
    draw_css(_sheet(name))


def draw_css(css: str) -> None:
    """Those styles, among the page's elements and without room there (``page.css``).

    Styles alone Streamlit would put where it puts toasts, and a toast of a part that redraws by itself would take the
    place of one of them: the page would lose its look until its next run.
    """
    st.html(f'<style>{css}</style><i class="emrs-sheet" hidden></i>')


@cache
def _sheet(name: str) -> str:
    return (ASSETS / f"{name}.css").read_text(encoding="utf-8")
