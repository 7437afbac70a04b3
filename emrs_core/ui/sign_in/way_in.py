"""The way to the identity provider: an ordinary link, so that the whole window goes there and comes back."""

from __future__ import annotations

from html import escape
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from emrs_core.timeline.access import Role
from emrs_core.ui import camera, hooks, parking
from emrs_core.ui.sign_in import words
from emrs_core.ui.sign_in.configuration import DEFAULT, SignIn, configured
from emrs_core.ui.state import Visit

LEAVE: Final = "sign-in"
"""Relative to the app's root, which is where our pages lie, wherever a proxy puts that."""


def draw_offer(visit: Visit) -> None:
    """For a guest of a server where one can sign in: what it is good for, and the link. Nothing for anybody else."""
    sign_in = offered_to(visit)
    if sign_in is None:
        return
    with st.container(key=hooks.SIGN_IN_OFFER, border=True):
        if not sign_in.works_at(st.context.url):
            st.markdown(words.ELSEWHERE.format(origin=sign_in.origin))
            return
        st.markdown(words.OFFER)
        draw_links(visit, sign_in, "emrs-sign-in-go")


def offered_to(visit: Visit) -> SignIn | None:
    """How this visitor can sign in; None where they need not, or cannot."""
    return configured() if visit.viewer.role is Role.GUEST else None


def draw_links(visit: Visit, sign_in: SignIn, kind: str) -> None:
    """A link for each provider. Following one leaves the visit behind, to be gone on with."""
    visit.ticket = parking.visits().ticket(visit, visit.ticket)
    visit.spotify.camera_on = camera.state().playing
    alone = len(sign_in.providers) == 1
    links = [
        f'<a class="{kind}" href="{escape(address(name, visit.ticket), quote=True)}">'
        f"{escape(words.label_of(name, alone or name == DEFAULT))}</a>"
        for name in sign_in.providers
    ]
    st.html(f'<p class="emrs-sign-in">{" ".join(links)}</p>')


def address(provider: str, ticket: str) -> str:
    """Where the link leads."""
    return f"{LEAVE}?{urlencode({'provider': provider, 'resume': ticket})}"
