"""The Web API's addresses: those that a new app may still call and the stand-in serves, and those that are gone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from emrs_core.testing.loopback.wire import Answer
from emrs_core.testing.spotify import library, player, playlists
from emrs_core.testing.spotify.call import Call

PAGED: Final = frozenset({"limit", "offset"})
DEVICE: Final = frozenset({"device_id"})
STATE: Final = ("user-read-playback-state",)
NOW: Final = ("user-read-currently-playing", "user-read-playback-state")
MODIFY: Final = ("user-modify-playback-state",)
WRITE: Final = (playlists.PUBLIC, playlists.PRIVATE)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address. One of ``scopes`` must be granted, unless there are none; ``query`` and ``body`` are known names."""

    method: str
    template: str
    handler: Callable[[Call], Answer]
    scopes: tuple[str, ...] = ()
    query: frozenset[str] = frozenset()
    body: frozenset[str] = frozenset()

    def match(self, method: str, path: str) -> Mapping[str, str] | None:
        """The variable parts of the path, or None when it is another address."""
        found = pattern(self.template).fullmatch(path) if method == self.method else None
        return None if found is None else found.groupdict()


def pattern(template: str) -> re.Pattern[str]:
    """``/playlists/{playlist_id}/items`` as a pattern."""
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template))


_M = frozenset({"market"})
_URIS = frozenset({"uris"})
_LIST = frozenset({"name", "public", "collaborative", "description"})
_KINDS = frozenset({"additional_types"})

ENDPOINTS: Final = (
    Endpoint("GET", "/me", library.me),
    Endpoint("GET", "/search", library.search, query=PAGED | _M | {"q", "type", "include_external"}),
    Endpoint("GET", "/tracks/{id}", library.one_track, query=_M),
    Endpoint("GET", "/me/tracks", library.saved_tracks, ("user-library-read",), PAGED | _M),
    Endpoint("GET", "/me/top/tracks", library.top_tracks, ("user-top-read",), PAGED | {"time_range"}),
    Endpoint("GET", "/me/top/artists", library.top_artists, ("user-top-read",), PAGED | {"time_range"}),
    Endpoint("PUT", "/me/library", library.save, ("user-library-modify",), _URIS),
    Endpoint("DELETE", "/me/library", library.unsave, ("user-library-modify", *WRITE), _URIS),
    Endpoint("GET", "/me/library/contains", library.contains, ("user-library-read",), _URIS),
    Endpoint("GET", "/me/playlists", playlists.list_mine, ("playlist-read-private",), PAGED),
    Endpoint("POST", "/me/playlists", playlists.create, WRITE, body=_LIST),
    Endpoint("GET", "/playlists/{playlist_id}", playlists.read, query=_M | _KINDS | {"fields"}),
    Endpoint("PUT", "/playlists/{playlist_id}", playlists.rename, WRITE, body=_LIST),
    Endpoint("GET", "/playlists/{playlist_id}/items", playlists.read_items, ("playlist-read-private",),
             PAGED | _M | _KINDS | {"fields"}),
    Endpoint("POST", "/playlists/{playlist_id}/items", playlists.add_items, WRITE, _URIS | {"position"},
             _URIS | {"position"}),
    Endpoint("PUT", "/playlists/{playlist_id}/items", playlists.replace_items, WRITE, _URIS,
             _URIS | {"range_start", "insert_before", "range_length", "snapshot_id"}),
    Endpoint("DELETE", "/playlists/{playlist_id}/items", playlists.remove_items, WRITE,
             body=frozenset({"items", "snapshot_id"})),
    Endpoint("GET", "/me/player", player.state, STATE, _M | _KINDS),
    Endpoint("PUT", "/me/player", player.transfer, MODIFY, body=frozenset({"device_ids", "play"})),
    Endpoint("GET", "/me/player/devices", player.devices, STATE),
    Endpoint("GET", "/me/player/currently-playing", player.currently_playing, NOW, _M | _KINDS),
    Endpoint("GET", "/me/player/recently-played", library.recently_played, ("user-read-recently-played",),
             frozenset({"limit", "after", "before"})),
    Endpoint("GET", "/me/player/queue", player.queue, NOW),
    Endpoint("POST", "/me/player/queue", player.add_to_queue, MODIFY, DEVICE | {"uri"}),
    Endpoint("PUT", "/me/player/play", player.play, MODIFY, DEVICE,
             frozenset({"context_uri", "uris", "offset", "position_ms"})),
    Endpoint("PUT", "/me/player/pause", player.pause, MODIFY, DEVICE),
    Endpoint("POST", "/me/player/next", player.skip_next, MODIFY, DEVICE),
    Endpoint("POST", "/me/player/previous", player.skip_previous, MODIFY, DEVICE),
)  # fmt: skip

_GONE_EVERYWHERE = (
    "/albums", "/artists", "/tracks", "/shows", "/episodes", "/audiobooks", "/chapters", "/markets",
    "/artists/{id}/top-tracks", "/artists/{id}/related-artists", "/users/{id}", "/users/{id}/playlists",
    "/playlists/{id}/tracks", "/playlists/{id}/followers", "/playlists/{id}/followers/contains",
    "/browse/featured-playlists", "/browse/new-releases", "/browse/categories", "/browse/categories/{id}",
    "/browse/categories/{id}/playlists", "/audio-features", "/audio-features/{id}", "/audio-analysis/{id}",
    "/recommendations", "/recommendations/available-genre-seeds", "/me/following/contains",
    "/me/tracks/contains", "/me/albums/contains", "/me/episodes/contains", "/me/shows/contains",
    "/me/audiobooks/contains",
)  # fmt: skip
_GONE_FOR_WRITING = ("/me/tracks", "/me/albums", "/me/episodes", "/me/shows", "/me/audiobooks", "/me/following")


def find(method: str, path: str) -> tuple[Endpoint, Mapping[str, str]] | None:
    """The endpoint of a path below ``/v1``, with the variable parts of that path."""
    for endpoint in ENDPOINTS:
        parts = endpoint.match(method, path)
        if parts is not None:
            return endpoint, parts
    return None


def is_gone(method: str, path: str) -> bool:
    """Whether a new app is refused that address since the changes of 2024 and 2026."""
    if any(pattern(template).fullmatch(path) for template in _GONE_EVERYWHERE):
        return True
    return method in ("PUT", "DELETE") and path in _GONE_FOR_WRITING
