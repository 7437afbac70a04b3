"""Playlists of the person: make, name, fill, read."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from emrs_core.testing.loopback.wire import Answer, MistakeError, RefusalError
from emrs_core.testing.spotify import objects
from emrs_core.testing.spotify.call import Call
from emrs_core.testing.spotify.world import Playlist

MOST_ITEMS = 100
PUBLIC, PRIVATE = "playlist-modify-public", "playlist-modify-private"


def list_mine(call: Call) -> Answer:
    mine = [playlist for playlist in call.world.playlists.values() if playlist.owner == call.person.id]

    def show(playlist: Playlist) -> dict[str, Any]:
        counted = {"href": f"{objects.API}/playlists/{playlist.id}/items", "total": len(playlist.items)}
        return objects.playlist_head(playlist, call.person) | {"items": counted}

    return Answer.of(call.page_of(mine, show))


def create(call: Call) -> Answer:
    body = call.request.json_object()
    name, public = body.get("name"), body.get("public", True)
    if not isinstance(name, str) or not name.strip():
        raise MistakeError(HTTPStatus.BAD_REQUEST, "Missing required field: name")
    call.needs(PUBLIC if public else PRIVATE)
    playlist = call.world.new_playlist(call.person, name, body.get("description"), bool(public))
    return Answer.of(_full(call, playlist), HTTPStatus.CREATED)


def read(call: Call) -> Answer:
    return Answer.of(_full(call, _mine(call)))


def rename(call: Call) -> Answer:
    playlist, body = _writable(call), call.request.json_object()
    playlist.name = str(body.get("name", playlist.name))
    playlist.description = body.get("description", playlist.description)
    playlist.public = bool(body.get("public", playlist.public))
    return Answer.nothing(HTTPStatus.OK)


def read_items(call: Call) -> Answer:
    playlist = _mine(call)
    return Answer.of(call.page_of(playlist.items, lambda i: objects.playlist_item(call.song(i), call.person)))


def add_items(call: Call) -> Answer:
    playlist = _writable(call)
    body = call.request.json_object()
    ids = call.track_ids(_given_uris(call, body), MOST_ITEMS)
    place = int(call.request.query.get("position", body.get("position", len(playlist.items))))
    if not 0 <= place <= len(playlist.items):
        raise MistakeError(HTTPStatus.BAD_REQUEST, "Index out of bounds")
    playlist.items[place:place] = ids
    return _changed(playlist, HTTPStatus.CREATED)


def replace_items(call: Call) -> Answer:
    """Replace all items; moving a range is not played."""
    playlist, body = _writable(call), call.request.json_object()
    if "uris" not in body and "uris" not in call.request.query:
        raise MistakeError(HTTPStatus.BAD_REQUEST, "The stand-in replaces items (uris) but does not move them")
    given = _given_uris(call, body)
    playlist.items = call.track_ids(given, MOST_ITEMS) if given else []
    return _changed(playlist, HTTPStatus.OK)


def remove_items(call: Call) -> Answer:
    playlist, body = _writable(call), call.request.json_object()
    items = body.get("items")
    uris = [item.get("uri") for item in items if isinstance(item, dict)] if isinstance(items, list) else None
    gone = set(call.track_ids(uris, MOST_ITEMS))
    playlist.items = [i for i in playlist.items if i not in gone]
    return _changed(playlist, HTTPStatus.OK)


def _given_uris(call: Call, body: dict[str, Any]) -> Any:
    query = call.request.query.get("uris")
    return query.split(",") if query is not None else body.get("uris")


def _changed(playlist: Playlist, status: int) -> Answer:
    playlist.version += 1
    return Answer.of({"snapshot_id": playlist.snapshot_id}, status)


def _mine(call: Call) -> Playlist:
    playlist = call.world.playlists.get(call.path["playlist_id"])
    if playlist is None:
        raise RefusalError(HTTPStatus.NOT_FOUND, "Resource not found")
    if playlist.owner != call.person.id:
        raise RefusalError(HTTPStatus.FORBIDDEN, "Forbidden")
    return playlist


def _writable(call: Call) -> Playlist:
    playlist = _mine(call)
    call.needs(PUBLIC if playlist.public else PRIVATE)
    return playlist


def _full(call: Call, playlist: Playlist) -> dict[str, Any]:
    path = f"/playlists/{playlist.id}/items"
    items = objects.page(
        path, playlist.items, MOST_ITEMS, 0, lambda i: objects.playlist_item(call.song(i), call.person)
    )
    return objects.playlist_head(playlist, call.person) | {"items": items}
