"""The person, their library and their taste; search."""

from __future__ import annotations

from http import HTTPStatus

from emrs_core.testing.loopback.wire import Answer, MistakeError
from emrs_core.testing.spotify import objects
from emrs_core.testing.spotify.call import TRACK_URI, Call

MOST_URIS = 40
SEARCH_DEFAULT, SEARCH_MOST = 5, 10
TIME_RANGES = ("short_term", "medium_term", "long_term")


def me(call: Call) -> Answer:
    return Answer.of(objects.person(call.person))


def one_track(call: Call) -> Answer:
    return Answer.of(call.song(call.path["id"]))


def search(call: Call) -> Answer:
    limit, offset = call.number("limit", SEARCH_DEFAULT, 1, SEARCH_MOST), call.number("offset", 0, 0, 1000)
    query, kinds = call.request.query.get("q", ""), call.request.query.get("type", "")
    if not query.strip():
        raise MistakeError(HTTPStatus.BAD_REQUEST, "No search query")
    if kinds != "track":
        raise MistakeError(HTTPStatus.BAD_REQUEST, "The stand-in searches tracks only: type=track")
    shelf = call.world.songs
    page = objects.page("/search", shelf.search(query), limit, offset, lambda song: objects.track(song, shelf))
    return Answer.of({"tracks": page})


def saved_tracks(call: Call) -> Answer:
    return Answer.of(call.page(call.person.saved, wrap="track"))


def top_tracks(call: Call) -> Answer:
    _check_range(call)
    return Answer.of(call.page(call.person.top))


def top_artists(call: Call) -> Answer:
    _check_range(call)
    songs = [track for i in call.person.top if (track := call.world.songs.get(i))]
    names = list(dict.fromkeys(name for song in songs for name in song.artist.split(", ")))
    return Answer.of(call.page_of(names, objects.artist))


def recently_played(call: Call) -> Answer:
    limit = call.number("limit", 20, 1, 50)
    items = [{"track": call.song(i), "played_at": objects.SOME_DAY} for i in call.person.played[:limit]]
    page = {"href": f"{objects.API}/me/player/recently-played", "limit": limit, "items": items, "total": len(items)}
    return Answer.of(page)


def save(call: Call) -> Answer:
    for kind, name in _uris(call):
        if kind != "track":
            raise MistakeError(HTTPStatus.BAD_REQUEST, "The stand-in saves tracks only")
        if name in call.person.saved:
            call.person.saved.remove(name)
        call.person.saved.insert(0, name)
    return Answer.nothing(HTTPStatus.OK)


def unsave(call: Call) -> Answer:
    for kind, name in _uris(call):
        if kind == "track" and name in call.person.saved:
            call.person.saved.remove(name)
        playlist = call.world.playlists.get(name)
        if kind == "playlist" and playlist is not None and playlist.owner == call.person.id:
            del call.world.playlists[name]
    return Answer.nothing(HTTPStatus.OK)


def contains(call: Call) -> Answer:
    return Answer.of([kind == "track" and name in call.person.saved for kind, name in _uris(call)])


def _uris(call: Call) -> list[tuple[str, str]]:
    """Kind and id of each URI in the query, tracks and playlists."""
    uris = call.request.query.get("uris", "").split(",")
    if not uris[0] or len(uris) > MOST_URIS:
        raise MistakeError(HTTPStatus.BAD_REQUEST, f"Expected 1 to {MOST_URIS} URIs")
    found = []
    for uri in uris:
        if TRACK_URI.fullmatch(uri):
            found.append(("track", call.track_id(uri)))
        elif uri.startswith("spotify:playlist:"):
            found.append(("playlist", uri.rpartition(":")[2]))
        else:
            raise MistakeError(HTTPStatus.BAD_REQUEST, "Invalid URI")
    return found


def _check_range(call: Call) -> None:
    if call.request.query.get("time_range", "medium_term") not in TIME_RANGES:
        raise MistakeError(HTTPStatus.BAD_REQUEST, "Invalid time_range")
