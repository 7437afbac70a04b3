"""Spotify's JSON as our own values. What must be there and is not raises BrokenAnswer naming it; the rest may lack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from emrs_core.music.links import is_track_id
from emrs_core.music.spotify.failures import BrokenAnswer
from emrs_core.streaming import Device, NowPlaying, ServiceAccount, ServiceTrack

ART_PX: Final = 200
"""Cover art is shown in lists: the smallest picture at least that wide is asked for."""


def object_of(answer: object, name: str) -> dict[str, Any]:
    """The JSON object that an answer must be."""
    if not isinstance(answer, dict):
        raise BrokenAnswer(name)
    return answer


def text_of(fields: dict[str, Any], name: str) -> str:
    """A text that must be there; it may be empty."""
    value = fields.get(name)
    if not isinstance(value, str):
        raise BrokenAnswer(name)
    return value


def items_of(answer: object) -> list[Any]:
    """The list ``items`` of a page."""
    items = object_of(answer, "items").get("items")
    if not isinstance(items, list):
        raise BrokenAnswer("items")
    return items


def tracks_of(items: list[Any], key: str = "") -> Iterator[ServiceTrack]:
    """The songs among the items of a page; ``key`` is where an item keeps its song. Gone songs (null) are left out."""
    for item in items:
        if key and isinstance(item, dict) and key not in item:
            raise BrokenAnswer(key)
        song = item.get(key) if key and isinstance(item, dict) else item
        if (track := track_of(song)) is not None:
            yield track


def track_of(song: object) -> ServiceTrack | None:
    """A song; None for null, an episode, or anything else that is no song."""
    if not isinstance(song, dict) or song.get("type", "track") != "track":
        return None
    if "id" not in song:
        raise BrokenAnswer("id")
    artists = song.get("artists")
    if not isinstance(artists, list):
        raise BrokenAnswer("artists")
    track_id, album, other = song["id"], song.get("album"), song.get("linked_from")
    explicit, duration = song.get("explicit"), song.get("duration_ms")
    return ServiceTrack(
        id=track_id if isinstance(track_id, str) and is_track_id(track_id) else None,
        title=text_of(song, "name"),
        artists=tuple(text_of(object_of(artist, "artists"), "name") for artist in artists),
        album=str(album.get("name") or "") if isinstance(album, dict) else "",
        duration_ms=duration if isinstance(duration, int) else 0,
        isrc=_isrc(song.get("external_ids")),
        explicit=explicit if isinstance(explicit, bool) else None,
        image_url=_art(album.get("images")) if isinstance(album, dict) else "",
        aliases=_aliases(other),
    )


def account_of(answer: object) -> ServiceAccount:
    """``account_id`` is the stable one; older answers have ``id`` alone."""
    fields = object_of(answer, "account_id")
    account_id = fields.get("account_id") or fields.get("id")
    if not isinstance(account_id, str) or not account_id:
        raise BrokenAnswer("account_id")
    name = fields.get("display_name")
    return ServiceAccount(account_id, name if isinstance(name, str) and name else "a Spotify listener")


def devices_of(answer: object) -> tuple[Device, ...]:
    """Those that can be named in a command (a device without an id cannot)."""
    devices = object_of(answer, "devices").get("devices")
    if not isinstance(devices, list):
        raise BrokenAnswer("devices")
    return tuple(device for entry in devices if (device := device_of(entry)) is not None)


def device_of(entry: object) -> Device | None:
    """A device; None for one without an id."""
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        return None
    volume = entry.get("volume_percent")
    return Device(
        id=entry["id"],
        name=text_of(entry, "name"),
        kind=str(entry.get("type") or "Device"),
        active=entry.get("is_active") is True,
        restricted=entry.get("is_restricted") is True,
        volume_percent=volume if isinstance(volume, int) else None,
    )


def now_playing_of(answer: object) -> NowPlaying | None:
    """None for the empty answer (204) of a listener who has not played anything lately."""
    if answer is None:
        return None
    fields = object_of(answer, "is_playing")
    if not isinstance(fields.get("is_playing"), bool):
        raise BrokenAnswer("is_playing")
    position = fields.get("progress_ms")
    return NowPlaying(
        track=track_of(fields.get("item")),
        playing=fields["is_playing"],
        position_ms=position if isinstance(position, int) else 0,
        device=device_of(fields.get("device")),
    )


def _isrc(external: object) -> str:
    code = external.get("isrc") if isinstance(external, dict) else None
    return code.replace("-", "").strip().upper() if isinstance(code, str) else ""


def _aliases(other: object) -> tuple[str, ...]:
    track_id = other.get("id") if isinstance(other, dict) else None
    return (track_id,) if isinstance(track_id, str) and is_track_id(track_id) else ()


def _art(images: object) -> str:
    """The address of a cover, unscaled and uncropped; https alone."""
    known = [image for image in images if isinstance(image, dict)] if isinstance(images, list) else []
    safe = [image for image in known if str(image.get("url", "")).startswith("https://")]
    if not safe:
        return ""
    large = [image for image in safe if (image.get("width") or 0) >= ART_PX]
    return str(min(large, key=lambda image: image["width"])["url"] if large else safe[0]["url"])
