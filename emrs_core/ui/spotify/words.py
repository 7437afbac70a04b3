"""What the Spotify parts say. No emotion stands in anything that may reach Spotify."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from emrs_core.music.spotify.resolve import Playable
from emrs_core.music.spotify.scopes import Step
from emrs_core.streaming import Device, NowPlaying, SavedPlaylist

CONNECT_INTRO: Final = (
    "With your account connected, EMRS keeps lists as private playlists, plays on your own devices and finds any song "
    "by title and artist. The songs themselves are still chosen here: Spotify learns nothing of your mood."
)
BACK_AT_NUMBER: Final = (
    "Spotify refuses the name `localhost`, so you will come back to `127.0.0.1`: the same machine under its number, "
    "where the visit begins anew."
)
OTHER_TAB: Final = "Connected in another tab just now? Load this one again, and it is connected too."


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing that a listener can allow: what the button says, what it is for, what it does not include."""

    allow: str
    allowed: str
    reason: str


PERMISSIONS: Mapping[Step, Permission] = MappingProxyType(
    {
        Step.LISTEN: Permission(
            "Connect Spotify",
            "Read saved and most played songs",
            "To read the songs you saved and play most, should you want them to take part in your lists.",
        ),
        Step.PLAYER: Permission(
            "Allow playing on my devices",
            "Play on your devices",
            "To see your devices and what they play, and to press play, pause and next for you. Needs Premium.",
        ),
        Step.PLAYLIST: Permission(
            "Allow saving playlists",
            "Save private playlists",
            "To make private playlists in your account. EMRS looks at none that you have, and changes none.",
        ),
        Step.LIKE: Permission(
            "Allow liking songs",
            "Like songs",
            "To put a song among your liked ones when you press the heart.",
        ),
    }
)

DISCONNECTED: Final = (
    "Disconnected. Erased: the keys to your account, what Spotify answered, and everything worked out from it. "
    "Playlists and likes in your account stay yours. To withdraw the permission at Spotify as well: "
    "[your apps there](https://www.spotify.com/account/apps)."
)
DISCONNECT_HELP: Final = "Erases the keys to your account and everything worked out from Spotify's answers, at once."
CAMERA_WAITS: Final = "Welcome back. The camera went off with the page you left: press Start in the corner to go on."
ASKING: Final = "Asking Spotify …"
NO_DEVICE: Final = (
    "No device is awake. Open Spotify on a phone, computer or speaker, start and pause any song there, then look again."
)
NO_LIST: Final = "There is no list yet. Get one on the page *Live* or *Music*, then keep it or play it from here."
NO_RESULT: Final = "Nothing found. Check the spelling, or try with the title alone."
CREDIT: Final = (
    "Titles, artists and albums on this page come from Spotify and link back to it. Nothing of them is kept when you "
    "disconnect or leave."
)
TASTE: Final = (
    "Songs that you saved or play most at Spotify, and that our own catalogue has too, come up more readily. Only "
    "while this is on, only in this visit, and written down nowhere."
)


def playlist_name(now: datetime) -> str:
    """A name that says when, and nothing of how one felt."""
    return f"EMRS, {now.day} {now:%B %Y}"


def device_name(device: Device) -> str:
    """A device as the chooser shows it."""
    marks = [device.kind] if device.kind else []
    if device.active:
        marks.append("playing now")
    if device.restricted:
        marks.append("takes no commands")
    return f"{device.name} ({', '.join(marks)})" if marks else device.name


def taking_part(matched: int, others: int) -> str:
    """How many of the listener's songs take part."""
    if not matched and not others:
        return "You have no saved or most played songs at Spotify yet."
    rest = (
        f" {songs(others).capitalize()} cannot: {'its' if others == 1 else 'their'} mood is not known here."
        if others
        else ""
    )
    return f"**{songs(matched).capitalize()}** of yours take{'s' if matched == 1 else ''} part.{rest}"


def songs(count: int) -> str:
    """``1 song``, ``12 songs``."""
    return f"{count} song{'' if count == 1 else 's'}"


def saved(playlist: SavedPlaylist) -> str:
    """What became of a list."""
    if playlist.again:
        return f"“{playlist.name}” is there already, with these {songs(playlist.songs)}. Nothing was made twice."
    return f"Saved as “{playlist.name}”: {songs(playlist.songs)}, in this order, for your eyes only."


def missing(found: Playable) -> str:
    """What of a list Spotify does not have; nothing where it has all."""
    if not found.missing:
        return ""
    titles = ", ".join(f"“{track.title}”" for track, _ in found.missing[:3])
    more = f" and {songs(len(found.missing) - 3)} more" if len(found.missing) > 3 else ""
    return f" Left out, because Spotify has no song that surely is it: {titles}{more}."


def plays(played: Playable | None) -> str:
    """What a device was told to play; ``played`` is None for a single song."""
    return f"Playing on your device.{missing(played) if played else ''}"


def playing(now: NowPlaying | None) -> str:
    """Where the music comes from at this moment."""
    if now is None:
        return "Nothing plays on your devices."
    state = "Playing" if now.playing else "Paused"
    return f"{state} on {now.device.name}" if now.device else state
