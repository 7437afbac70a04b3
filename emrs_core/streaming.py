"""What a music service says about its listener's songs, devices and playlists: frozen values, safe in any thread.

They are what ``protocols.MusicService`` returns. They live in memory only and never enter a stored feature, event or
posterior: a service's terms forbid learning from what its interface returns.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServiceTrack:
    """A song as the service names it. Show its names unchanged, its art uncropped, and a link back."""

    id: str | None  # None for a file of the listener's own, which no other listener can play
    title: str
    artists: tuple[str, ...]
    album: str = ""
    duration_ms: int = 0  # 0: not said
    isrc: str = ""  # twelve capital characters; "" where the service does not say
    explicit: bool | None = None
    image_url: str = ""  # "" without art
    aliases: tuple[str, ...] = ()  # other ids of the same recording: the one asked for, when another market's plays

    @property
    def artist(self) -> str:
        """All artists in one line."""
        return ", ".join(self.artists)


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """Whose account it is. ``id`` is the service's pseudonymous number, ``name`` what the listener calls themselves."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Device:
    """Something of the listener's own that can play."""

    id: str
    name: str
    kind: str  # the service's word: Computer, Smartphone, Speaker ...
    active: bool = False
    restricted: bool = False  # it takes no commands from outside
    volume_percent: int | None = None


@dataclass(frozen=True, slots=True)
class NowPlaying:
    """What the listener's device does at this moment. ``track`` is None for anything that is not a song."""

    track: ServiceTrack | None
    playing: bool
    position_ms: int = 0
    device: Device | None = None


@dataclass(frozen=True, slots=True)
class SavedPlaylist:
    """A playlist that holds exactly the songs asked for, in order."""

    id: str
    name: str
    songs: int
    again: bool = False  # the same list was saved before: nothing new was made
