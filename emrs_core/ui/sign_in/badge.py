"""What every page shows of signing in: who is signed in and the way out, or the way in; and what came along."""

from __future__ import annotations

from html import escape

import streamlit as st

from emrs_core.timeline.access import Role
from emrs_core.ui import camera, hooks, resources, state
from emrs_core.ui.sign_in import words
from emrs_core.ui.sign_in.person import signed_in
from emrs_core.ui.sign_in.way_in import draw_links, offered_to
from emrs_core.ui.state import Visit


def draw_sign_in_badge(visit: Visit) -> None:
    """One small line; empty where nobody can sign in."""
    with st.container(key=hooks.SIGN_IN_BADGE, horizontal=True, vertical_alignment="center", gap="small"):
        if visit.viewer.role is Role.PERSON:
            _draw_person(visit)
        elif (sign_in := offered_to(visit)) and sign_in.works_at(st.context.url):
            draw_links(visit, sign_in, "emrs-sign-in-quiet")


def _draw_person(visit: Visit) -> None:
    role = f" <small>{words.REVIEWER}</small>" if visit.viewer.reviewer else ""
    st.html(f'<p class="emrs-badge">{escape(name_of_visitor() or words.NAMELESS)}{role}</p>', width="content")
    st.button(
        words.SIGN_OUT, key=hooks.SIGN_OUT, type="tertiary", help=words.SIGN_OUT_HELP, on_click=sign_out, args=(visit,)
    )


def name_of_visitor() -> str:
    """As the provider told it; "" without one, and for a guest."""
    person = signed_in(resources.load().services.settings.reviewers)
    return person.name if person else ""


def sign_out(visit: Visit) -> None:
    """End what goes on in this person's name, forget it here, and go to the provider's farewell."""
    camera.shut_down(visit.feed)
    state.leave(visit)
    st.logout()
