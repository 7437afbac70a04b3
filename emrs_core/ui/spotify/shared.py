"""The connections to Spotify that routes (on the server's threads) and pages (on script threads) share."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emrs_core.bootstrap import new_spotify_connections
from emrs_core.settings import Settings
from emrs_core.ui import resources

if TYPE_CHECKING:  # it loads spotipy, which only those need who have a Client ID
    from emrs_core.music.spotify.connections import SpotifyConnections


@dataclass(slots=True)
class Shared:
    """One for the process, made on first use; tests put another in its place."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    made: bool = False
    settings: Settings = field(default_factory=Settings)
    connections: SpotifyConnections | None = None


_shared = Shared()


def connections() -> SpotifyConnections | None:
    """Every visitor's connection; None without a Client ID. Any thread. Raises SettingsError."""
    return _made().connections


def settings() -> Settings:
    """The settings they were made from. Any thread. Raises SettingsError."""
    return _made().settings


def use(connections: SpotifyConnections | None, settings: Settings | None = None) -> None:
    """Put others in their place, for a test; ``forget`` undoes it."""
    with _shared.lock:
        _shared.made, _shared.connections, _shared.settings = True, connections, settings or Settings()


def forget() -> None:
    """Make them anew from the settings at the next use."""
    with _shared.lock:
        _shared.made, _shared.connections = False, None


def _made() -> Shared:
    with _shared.lock:
        if not _shared.made:
            _shared.settings = resources.current_settings()
            _shared.connections = new_spotify_connections(_shared.settings)
            _shared.made = True
        return _shared
