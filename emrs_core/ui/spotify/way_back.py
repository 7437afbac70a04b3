"""Back from a login: the window went to Spotify and returns as a new browser session, so the visit was kept meanwhile.

Agreement (a guest's lives in memory alone), mood, songs and what plays are all there again. The camera went off with
the page that was left; its Start button is then shown at the corner of whatever page one comes back to.
"""

from __future__ import annotations

from dataclasses import fields, replace

import streamlit as st

from emrs_core.bootstrap import new_feed
from emrs_core.ui import camera, parking, state
from emrs_core.ui.spotify import browser, words
from emrs_core.ui.spotify.desk import Desk
from emrs_core.ui.state import Visit
from emrs_core.ui.watch import StreamWatch


def leave_behind(visit: Visit) -> None:
    """Give the visit a ticket for the login. Call it on each run that shows a link to it; the link's route holds it."""
    desk = visit.spotify
    desk.ticket = parking.visits().ticket(visit, desk.ticket)
    desk.camera_on = camera.state().playing


def resume() -> None:
    """Go on with the visit that was left for a login, if this browser session is the one that came back from it."""
    if state.VISIT_KEY in st.session_state:
        return
    left = parking.visits().take(browser.ticket())
    if left is not None and (left.mode, left.viewer) == state.whoever():
        state.set_visit(take_over(left))


def welcome(desk: Desk, streaming: bool) -> None:
    """Say once where the camera's button is; forget about it as soon as the camera is on again."""
    if streaming:
        desk.returned = False
    elif desk.returned and not desk.welcomed:
        desk.welcomed = True
        st.toast(words.CAMERA_WAITS, icon=":material/videocam:")


def take_over(left: Visit) -> Visit:
    """A visit with all that ``left`` knew, which then knows nothing: should its page still be open, it begins anew.

    So whoever made a ticket sees nothing of what happens after another took it.
    """
    left.feed.close()
    left.session.music.page_back()
    desk = Desk(returned=left.spotify.camera_on, following=left.spotify.following)
    taken = replace(left, feed=new_feed(left.session), watch=StreamWatch(), spotify=desk)
    empty = state.new_visit(left.mode, left.viewer)
    for part in fields(left):  # all of it: what is forgotten here would be shared by two browsers
        setattr(left, part.name, getattr(empty, part.name))
    return taken
