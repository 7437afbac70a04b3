"""The way to Spotify's login: an ordinary link, so that the whole window goes there and comes back."""

from __future__ import annotations

from html import escape
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from emrs_core.music.spotify.scopes import Step
from emrs_core.ui.spotify import words

LOGIN: Final = "spotify/login"
"""Relative to the app's root, which is where our pages lie, wherever a proxy puts that."""


def login_address(ticket: str | None, step: Step, next_path: str = "/spotify") -> str:
    """Where the link leads; ``ticket`` is that of the visit, ``next_path`` the page to come back to."""
    query = {"step": str(step), "next": next_path} | ({"resume": ticket} if ticket else {})
    return f"{LOGIN}?{urlencode(query)}"


def draw_login(ticket: str | None, step: Step, next_path: str = "/spotify") -> None:
    """The link: to connect at all, like the main button of its place; to allow one thing more, a quieter one."""
    kind = "emrs-connect" if step is Step.LISTEN else "emrs-connect emrs-connect-quiet"
    address = escape(login_address(ticket, step, next_path), quote=True)
    label = escape(words.PERMISSIONS[step].allow)
    st.html(f'<a class="{kind}" href="{address}">{label}</a>')
