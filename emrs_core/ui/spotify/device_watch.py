"""On every page: looks at the device of a listener who plays there, so that the visit knows which songs were on."""

from __future__ import annotations

from functools import partial

from emrs_core.errors import EmrsError
from emrs_core.music.spotify.scopes import Step
from emrs_core.ui import state
from emrs_core.ui.spotify import browser, calls
from emrs_core.ui.spotify.following import FOLLOW_S
from emrs_core.ui.state import Visit
from emrs_core.ui.wall import fragment


def draw_following(visit: Visit, here: bool) -> None:
    """Draw it at a fixed place; nothing is shown. ``here``: the page looks by itself, more often.

    Nobody is followed who did not play something from here, on a device of their own.
    """
    following = visit.spotify.following
    fragment("spotify-following", _rest if here else _look, FOLLOW_S if following.wanted and not here else None)


def heard_of_play(visit: Visit) -> None:
    """Begin to follow once a device took what was played. Call it before the page, which then tells of it."""
    if visit.spotify.calls.worked("play"):
        visit.spotify.following.begin(visit.session.elapsed_s())


def _rest() -> None:
    """The page looks."""


def _look() -> None:
    visit = state.visit()
    following = visit.spotify.following
    if not following.wanted:
        return
    try:
        connection = browser.connected()
    except EmrsError:  # the Spotify page says what is wrong
        connection = None
    if connection is None or not connection.allows(Step.PLAYER):
        following.stop()
        return
    music, now_s = visit.session.music, visit.session.elapsed_s()
    following.step(partial(connection.look, music, now_s), now_s, calls.workers())
