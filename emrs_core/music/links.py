"""Addresses of songs at Spotify. Nothing here asks Spotify anything."""

from __future__ import annotations

import re

from emrs_core.errors import UsageError

_TRACK_ID = re.compile(r"[0-9A-Za-z]{22}")
_PLAYLIST_ID = re.compile(r"[0-9A-Za-z]{1,64}")
_SITE = "https://open.spotify.com"


def is_track_id(text: str) -> bool:
    """Whether that can be a Spotify track id: 22 letters and digits. It need not exist."""
    return _TRACK_ID.fullmatch(text) is not None


def track_url(track_id: str) -> str:
    """The song's page. Raises UsageError for anything but an id, so that nothing foreign gets into a URL."""
    return f"{_SITE}/track/{_checked(track_id)}"


def embed_url(track_id: str) -> str:
    """The song's player for a frame in a page; it needs no credentials. Raises UsageError likewise."""
    return f"{_SITE}/embed/track/{_checked(track_id)}"


def playlist_url(playlist_id: str) -> str:
    """The playlist's page. Raises UsageError for anything but letters and digits."""
    if not _PLAYLIST_ID.fullmatch(playlist_id):
        raise UsageError(f"A Spotify playlist id has only letters and digits, got {playlist_id!r}.")
    return f"{_SITE}/playlist/{playlist_id}"


def _checked(track_id: str) -> str:
    if not is_track_id(track_id):
        raise UsageError(f"A Spotify track id has 22 letters and digits, got {track_id!r}.")
    return track_id
