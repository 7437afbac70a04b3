"""Songs' ids, and their addresses at Spotify. Nothing here asks Spotify anything."""

from __future__ import annotations

import re
from hashlib import blake2b
from urllib.parse import quote

from emrs_core.errors import UsageError
from emrs_core.music.folding import folded
from emrs_core.types import Track

ID_LENGTH = 22
"""Characters of every id, Spotify's and our own, so that a column of them is a plain block of bytes."""
OWN_PREFIX = "own-"
"""The hyphen is no base-62 digit: such an id can never be taken for Spotify's."""

_TRACK_ID = re.compile(r"[0-9A-Za-z]{22}")
_OWN_ID = re.compile(rf"{OWN_PREFIX}[0-9a-f]{{{ID_LENGTH - len(OWN_PREFIX)}}}")
_PLAYLIST_ID = re.compile(r"[0-9A-Za-z]{1,64}")
_SITE = "https://open.spotify.com"


def is_track_id(text: str) -> bool:
    """Whether that can be a Spotify track id: 22 letters and digits. It need not exist."""
    return _TRACK_ID.fullmatch(text) is not None


def is_own_id(text: str) -> bool:
    """Whether that is an id that ``own_id`` made."""
    return _OWN_ID.fullmatch(text) is not None


def own_id(artist: str, title: str) -> str:
    """An id for a song that has none at Spotify: ``own-`` and 18 hexadecimal digits.

    Made from artist and title as ``folded`` spells them, so that the same song has the same id in every table and after
    every import, and what was learned about it stays. 72 bits: among a million songs two meet by chance about once in
    ten thousand million tables.
    """
    names = f"{folded(artist)}\n{folded(title)}".encode()
    return OWN_PREFIX + blake2b(names, digest_size=(ID_LENGTH - len(OWN_PREFIX)) // 2).hexdigest()


def can_embed(track_id: str) -> bool:
    """Whether Spotify's embed can play it: songs with an id of our own can only be searched for."""
    return is_track_id(track_id)


def track_url(track_id: str) -> str:
    """The song's page. Raises UsageError for anything but a Spotify id, so that nothing foreign gets into a URL."""
    return f"{_SITE}/track/{_checked(track_id)}"


def embed_url(track_id: str) -> str:
    """The song's player for a frame in a page; it needs no credentials. Raises UsageError likewise."""
    return f"{_SITE}/embed/track/{_checked(track_id)}"


def song_url(track: Track) -> str:
    """Where to hear that song at Spotify: its own page or, where no id is known, the search for artist and title."""
    if is_track_id(track.id):
        return track_url(track.id)
    return f"{_SITE}/search/{quote(f'{track.artist} {track.title}', safe='')}"


def playlist_url(playlist_id: str) -> str:
    """The playlist's page. Raises UsageError for anything but letters and digits."""
    if not _PLAYLIST_ID.fullmatch(playlist_id):
        raise UsageError(f"A Spotify playlist id has only letters and digits, got {playlist_id!r}.")
    return f"{_SITE}/playlist/{playlist_id}"


def _checked(track_id: str) -> str:
    if not is_track_id(track_id):
        raise UsageError(f"A Spotify track id has 22 letters and digits, got {track_id!r}.")
    return track_id
