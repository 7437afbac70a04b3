"""The Web API's adapter, over a wire that answers from a script: what is sent, what is read, what is never done."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.errors import UsageError
from emrs_core.music.spotify.client import SEARCH_LIMIT
from emrs_core.music.spotify.failures import (
    BrokenAnswer,
    ServiceDown,
)
from emrs_core.streaming import ServiceTrack
from emrs_core.testing.catalogues import numbered_id
from emrs_core.testing.scripted_spotify import page, service, song

# -- what is sent ----------------------------------------------------------------------------------------------------


def test_saved_songs_come_page_by_page_until_the_last() -> None:
    def script(request: requests.PreparedRequest) -> tuple[int, Any]:
        query = parse_qs(urlsplit(str(request.url)).query)
        first, count = int(query["offset"][0]), int(query["limit"][0])
        return 200, page(*({"track": song(n)} for n in range(first, min(first + count, 70))))

    spotify, wire = service(script)
    assert [track.id for track in spotify.saved(200)] == [numbered_id(n) for n in range(70)]
    assert wire.paths() == ["GET /me/tracks"] * 2


@given(st.integers(-5, 500))
def test_a_search_never_asks_for_more_than_ten(limit: int) -> None:
    spotify, wire = service(lambda _: (200, {"tracks": page(song())}))
    spotify.search("Song", limit=limit)
    asked = int(parse_qs(urlsplit(str(wire.sent[0].url)).query)["limit"][0])
    assert 1 <= asked <= SEARCH_LIMIT


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_words_break_out_of_the_query(title: str, artist: str) -> None:
    spotify, wire = service(lambda _: (200, {"tracks": page(song())}))
    if not title.replace('"', "").replace(":", "").split() and not artist.replace('"', "").replace(":", "").split():
        with pytest.raises(UsageError):
            spotify.search(title, artist)
        return
    spotify.search(title, artist)
    query = parse_qs(urlsplit(str(wire.sent[0].url)).query)["q"][0]
    assert query.count('"') in (2, 4)
    assert query.count(":") == query.count('"') // 2


def test_a_search_that_finds_nothing_is_asked_again_more_loosely() -> None:
    spotify, wire = service(lambda _: (200, {"tracks": page()}))
    assert spotify.search("Song", "Artist") == ()
    queries = [parse_qs(urlsplit(str(request.url)).query)["q"][0] for request in wire.sent]
    assert queries == ['track:"Song" artist:"Artist"', "Song Artist"]


def test_a_recording_code_is_searched_and_anything_else_not() -> None:
    spotify, wire = service(lambda _: (200, {"tracks": page(song())}))
    assert spotify.by_isrc("us-rc1-7607839")
    assert parse_qs(urlsplit(str(wire.sent[0].url)).query)["q"] == ["isrc:USRC17607839"]
    assert spotify.by_isrc("nonsense OR artist:x") == ()
    assert len(wire.sent) == 1


def test_commands_go_to_the_device_asked_for() -> None:
    spotify, wire = service(lambda _: (204, b""))
    spotify.play([numbered_id(1), numbered_id(2)], "dev1")
    spotify.queue(numbered_id(3))
    spotify.pause()
    spotify.next("dev1")
    spotify.like(numbered_id(4))
    assert spotify.now_playing() is None
    assert wire.paths() == [
        "PUT /me/player/play", "POST /me/player/queue", "PUT /me/player/pause", "POST /me/player/next",
        "PUT /me/library", "GET /me/player",
    ]  # fmt: skip
    uris = [f"spotify:track:{numbered_id(n)}" for n in (1, 2)]
    assert json.loads(wire.sent[0].body or b"") == {"uris": uris}
    assert "device_id=dev1" in str(wire.sent[0].url)


@pytest.mark.parametrize("bad", ["", "short", "../me", "own-000000000000000000", "z" * 23])
def test_what_is_no_id_never_reaches_the_wire(bad: str) -> None:
    spotify, wire = service(lambda _: (204, b""))
    for call in (lambda: spotify.like(bad), lambda: spotify.play([bad]), lambda: spotify.save("List", [bad], "k")):
        with pytest.raises(UsageError):
            call()
    with pytest.raises(UsageError):
        spotify.pause("a/../b")
    assert wire.sent == []


# -- playlists -------------------------------------------------------------------------------------------------------


class Playlists:
    """Holds playlists as Spotify would; ``fail_at`` fails that request (counted from 0) once."""

    def __init__(self, fail_at: int = -1) -> None:
        self.held: dict[str, list[str]] = {}
        self.bodies: list[Any] = []
        self.fail_at = fail_at

    def __call__(self, request: requests.PreparedRequest) -> tuple[int, Any]:
        body = json.loads(request.body or b"null")
        self.bodies.append(body)
        if len(self.bodies) - 1 == self.fail_at:
            return 503, b""
        if str(request.url).endswith("/me/playlists"):
            name = f"list{len(self.held)}"
            self.held[name] = []
            return 201, {"id": name}
        name = str(request.url).split("/")[-2]
        self.held[name] = body["uris"] if request.method == "PUT" else self.held[name] + body["uris"]
        assert len(body["uris"]) <= 100
        return 200, {"snapshot_id": "s"}


@given(st.integers(1, 350))
def test_a_list_of_any_length_is_kept_in_order(length: int) -> None:
    script = Playlists()
    spotify, _ = service(script)
    ids = [numbered_id(n % 7) for n in range(length)]
    saved = spotify.save("  My   list ", ids, "1")
    assert script.held == {saved.id: [f"spotify:track:{track_id}" for track_id in ids]}
    assert (saved.name, saved.songs, saved.again) == ("My list", length, False)
    assert script.bodies[0]["public"] is False
    assert script.bodies[0]["name"] == "My list"


def test_pressed_twice_it_is_one_playlist() -> None:
    script = Playlists()
    spotify, _ = service(script)
    first = spotify.save("List", [numbered_id(1)], "1")
    second = spotify.save("List", [numbered_id(1)], "1")
    assert (second.id, second.again) == (first.id, True)
    assert len(script.held) == 1
    spotify.save("List", [numbered_id(1)], "2")
    assert len(script.held) == 2


@given(st.integers(1, 3))
def test_a_save_that_failed_half_way_goes_on_in_the_same_playlist(fail_at: int) -> None:
    script = Playlists(fail_at)
    spotify, _ = service(script)
    ids = [numbered_id(n) for n in range(250)]
    with pytest.raises(ServiceDown):
        spotify.save("List", ids, "1")
    saved = spotify.save("List", ids, "1")
    assert not saved.again
    assert script.held == {saved.id: [f"spotify:track:{track_id}" for track_id in ids]}


@pytest.mark.parametrize("name", ["", "   ", "x" * 101])
def test_a_playlist_needs_a_name(name: str) -> None:
    spotify, wire = service(Playlists())
    with pytest.raises(UsageError, match="1 to 100 characters"):
        spotify.save(name, [numbered_id(1)], "1")
    assert wire.sent == []


# -- what is read ----------------------------------------------------------------------------------------------------


def test_a_song_is_read_whole() -> None:
    images = [{"url": f"https://i.example/{px}", "width": px} for px in (640, 300, 64)]
    other = numbered_id(99)
    told = song(5, album={"name": "Best of", "images": images}, linked_from={"id": other}, explicit=True)
    spotify, _ = service(lambda _: (200, page(told)))
    assert spotify.top() == (
        ServiceTrack(
            numbered_id(5),
            "Song 5",
            ("Artist 5",),
            "Best of",
            200_000,
            "USRC17607839",
            True,
            "https://i.example/300",
            (other,),
        ),
    )


def test_what_a_new_app_is_not_told_may_be_missing() -> None:
    bare = {"id": numbered_id(1), "name": "Song", "artists": [{"name": "A"}, {"name": "B"}]}
    spotify, _ = service(lambda _: (200, page(bare)))
    (track,) = spotify.top()
    assert track == ServiceTrack(numbered_id(1), "Song", ("A", "B"))
    assert track.artist == "A, B"


@pytest.mark.parametrize("missing", ["id", "name", "artists"])
def test_what_must_be_there_is_named_when_it_is_not(missing: str) -> None:
    told = {key: value for key, value in song().items() if key != missing}
    spotify, _ = service(lambda _: (200, page(told)))
    with pytest.raises(BrokenAnswer, match=missing):
        spotify.top()


def test_gone_songs_and_episodes_are_left_out_and_own_files_stay_without_an_id() -> None:
    local = song(1, id=None, is_local=True)
    items = ({"track": None}, {"track": song(2, type="episode")}, {"track": local}, {"track": song(3)})
    spotify, _ = service(lambda _: (200, page(*items)))
    assert [track.id for track in spotify.saved()] == [None, numbered_id(3)]


def test_devices_and_what_plays_are_read() -> None:
    device = {"id": "dev1", "name": "Kitchen", "type": "Speaker", "is_active": True, "volume_percent": None}
    answers = {
        "/v1/me/player/devices": {"devices": [device, {"id": None, "name": "Nameless"}]},
        "/v1/me/player": {"is_playing": True, "progress_ms": 7, "item": song(4), "device": device},
        "/v1/me": {"account_id": "a1", "display_name": None},
    }
    spotify, _ = service(lambda request: (200, answers[urlsplit(str(request.url)).path]))
    (kitchen,) = spotify.devices()
    assert (kitchen.name, kitchen.kind, kitchen.active) == ("Kitchen", "Speaker", True)
    now = spotify.now_playing()
    assert now is not None
    assert now.track is not None
    assert (now.track.id, now.playing, now.position_ms, now.device) == (numbered_id(4), True, 7, kitchen)
    assert spotify.account().id == "a1"
    assert spotify.account().name


NAMES = ["items", "tracks", "track", "id", "name", "artists", "devices", "is_playing", "item"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=12,
)


@given(JSON)
def test_no_answer_is_too_odd_to_be_read_or_refused(answer: Any) -> None:
    spotify, _ = service(lambda _: (200, answer))
    for call in (
        spotify.account,
        spotify.top,
        spotify.saved,
        spotify.devices,
        spotify.now_playing,
        lambda: spotify.search("x"),
    ):
        try:
            call()
        except BrokenAnswer as exc:
            assert "Spotify's answer" in str(exc)  # noqa: PT017 - either is right
