"""Spotify's JSON objects, without the fields that a new app no longer gets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from emrs_core.testing.spotify.people import Device, Person
from emrs_core.testing.spotify.songs import SongShelf, plain
from emrs_core.testing.spotify.world import Playlist
from emrs_core.types import Track

API = "https://api.spotify.com/v1"
SITE = "https://open.spotify.com"
SOME_DAY = "2026-05-31T12:00:00Z"
T = TypeVar("T")


def _head(kind: str, name: str) -> dict[str, Any]:
    return {
        "type": kind,
        "id": name,
        "uri": f"spotify:{kind}:{name}",
        "href": f"{API}/{kind}s/{name}",
        "external_urls": {"spotify": f"{SITE}/{kind}/{name}"},
    }


def _made_up_id(text: str) -> str:
    """An id for an artist or album, which our songs do not have: the letters of its name."""
    return (plain(text).replace(" ", "").encode("ascii", "replace").decode().replace("?", "x") + "0" * 22)[:22]


def artist(name: str) -> dict[str, Any]:
    return _head("artist", _made_up_id(name)) | {"name": name}


def track(song: Track, shelf: SongShelf) -> dict[str, Any]:
    """A track object; artists joined by ``, `` in our table are several here."""
    artists = [artist(name) for name in song.artist.split(", ")]
    album = _head("album", _made_up_id(song.title)) | {
        "name": song.title,
        "album_type": "single",
        "total_tracks": 1,
        "images": [],
        "release_date": str(song.year),
        "release_date_precision": "year",
        "artists": artists,
    }
    return _head("track", song.id) | {
        "name": song.title,
        "artists": artists,
        "album": album,
        "duration_ms": song.duration_ms,
        "explicit": False,
        "external_ids": {"isrc": shelf.isrc(song.id)},
        "preview_url": None,
        "disc_number": 1,
        "track_number": 1,
        "is_local": False,
        "is_playable": True,
    }


def person(who: Person) -> dict[str, Any]:
    """The current user, as ``GET /me`` tells it: neither country, email nor product."""
    return _head("user", who.id) | {"account_id": who.account_id, "display_name": who.name, "images": []}


def device(which: Device) -> dict[str, Any]:
    return {
        "id": which.id,
        "name": which.name,
        "type": which.kind,
        "is_active": which.is_active,
        "is_private_session": False,
        "is_restricted": False,
        "volume_percent": which.volume_percent,
        "supports_volume": True,
    }


def playlist_head(which: Playlist, owner: Person) -> dict[str, Any]:
    """What the full and the simplified playlist object share."""
    return _head("playlist", which.id) | {
        "name": which.name,
        "description": which.description or "",
        "public": which.public,
        "collaborative": False,
        "images": [],
        "owner": _head("user", owner.id) | {"display_name": owner.name},
        "snapshot_id": which.snapshot_id,
    }


def playlist_item(song: dict[str, Any], owner: Person) -> dict[str, Any]:
    return {"added_at": SOME_DAY, "added_by": _head("user", owner.id), "is_local": False, "item": song}


def page(path: str, things: Sequence[T], limit: int, offset: int, show: Callable[[T], Any]) -> dict[str, Any]:
    """A paging object over ``things``; ``path`` begins with a slash."""

    def at(place: int) -> str:
        return f"{API}{path}?offset={place}&limit={limit}"

    return {
        "href": at(offset),
        "items": [show(thing) for thing in things[offset : offset + limit]],
        "limit": limit,
        "offset": offset,
        "total": len(things),
        "next": at(offset + limit) if offset + limit < len(things) else None,
        "previous": at(max(0, offset - limit)) if offset > 0 else None,
    }
