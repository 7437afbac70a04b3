"""On every page: looks at the device of a listener who plays there, so that the visit knows which songs were on."""

from __future__ import annotations

from functools import partial
from typing import Final

from emrs_core.errors import EmrsError
from emrs_core.music.spotify.scopes import Step
from emrs_core.ui import state
from emrs_core.ui.spotify import browser, calls
from emrs_core.ui.spotify.connection import Connection
from emrs_core.ui.spotify.following import Following
from emrs_core.ui.state import Visit
from emrs_core.ui.wall import fragment

TICK_S: Final = 2.0
"""A glance at memory. Much shorter than the time between two looks, so that no tick comes just too early for one."""


def draw_following(here: bool) -> None:
    """Draw it at a fixed place; nothing is shown. ``here``: the page shows what plays, and so looks itself.

    It ticks for whoever may play on a device, since a part of a page can start the music between two runs. Nobody is
    followed who did not play something from here.
    """
    fragment("spotify-following", _rest if here else _look, None if here or _player() is None else TICK_S)


def heard_of_play(visit: Visit) -> None:
    """Begin to follow once a device took what was played. Call it before the page, which then tells of it."""
    if visit.spotify.calls.worked("play"):
        visit.spotify.following.begin(visit.session.elapsed_s())


def watch(visit: Visit, connection: Connection) -> Following:
    """For the page that shows what plays: look when it is time; returns what is known."""
    _step(visit, connection, watched=True)
    return visit.spotify.following


def _rest() -> None:
    """The page looks."""


def _look() -> None:
    visit = state.visit()
    heard_of_play(visit)
    following = visit.spotify.following
    if not following.wanted:
        return
    connection = _player()
    if connection is None:
        following.stop()
    else:
        _step(visit, connection, watched=False)


def _step(visit: Visit, connection: Connection, *, watched: bool) -> None:
    now_s = visit.session.elapsed_s()
    look = partial(connection.look, visit.session.music, now_s)
    visit.spotify.following.step(look, now_s, calls.workers(), watched=watched)


def _player() -> Connection | None:
    """The connection, if it may play on a device."""
    try:
        connection = browser.connected()
    except EmrsError:  # the Spotify page says what is wrong
        return None
    return connection if connection is not None and connection.allows(Step.PLAYER) else None
