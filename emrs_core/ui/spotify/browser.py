"""Who is connected in this browser: the cookie of the request behind this browser session, looked up on the server."""

from __future__ import annotations

from typing import Final

import streamlit as st

from emrs_core.music.spotify.outcomes import SENTENCES, Outcome
from emrs_core.ui.spotify import shared
from emrs_core.ui.spotify.connection import Connection
from emrs_core.ui.spotify_routes import COOKIE

OUTCOME: Final = "connect"
"""The name in the address under which a login says how it ended."""


def configured() -> bool:
    """Whether there is a Client ID to connect with."""
    return shared.connections() is not None


def connected() -> Connection | None:
    """This browser's connection, None without one. Raises StorageError when a kept one cannot be read."""
    connections = shared.connections()
    return connections.of(_visitor()) if connections else None


def disconnect() -> None:
    """Erase this browser's keys and everything derived. Raises StorageError when a kept one cannot be erased."""
    if connections := shared.connections():
        connections.disconnect(_visitor())


def keeps() -> bool:
    """Whether connections outlast a restart of the server, in sealed files."""
    return bool(shared.settings().spotify.token_key)


def ticket() -> str | None:
    """What the page left with when the login began, once."""
    connections = shared.connections()
    return connections.take_ticket(_visitor()) if connections else None


def outcome() -> Outcome | None:
    """How the login ended that led here; read once, and then gone from the address."""
    word = st.query_params.get(OUTCOME)
    if word is None:
        return None
    del st.query_params[OUTCOME]
    return Outcome(word) if word in SENTENCES else None


def _visitor() -> str | None:
    return st.context.cookies.get(COOKIE)
