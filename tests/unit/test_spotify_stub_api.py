"""The stand-in's Web API: what it refuses, and what playlists, player and library then hold."""

from __future__ import annotations

import json
from typing import Any

import pytest

from emrs_core.testing.catalogues import make_track
from emrs_core.testing.loopback.wire import Request
from emrs_core.testing.spotify.grants import challenge_of
from emrs_core.testing.spotify.songs import SongShelf
from tests.unit.spotify_client_by_hand import SONGS, STATE, URIS, VERIFIER, App, why


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def ada(app: App) -> App:
    return app.login("ada")


class TestGuard:
    @pytest.mark.parametrize(
        ("method", "path", "query", "body", "status", "said"),
        [
            ("GET", "/audio-features", {"ids": "x"}, None, 403, "closed"),
            ("GET", "/playlists/abc/tracks", {}, None, 403, "closed"),
            ("PUT", "/me/tracks", {"ids": "x"}, None, 403, "closed"),
            ("GET", "/me/", {}, None, 400, "serves no"),
            ("GET", "/search", {"q": "song", "type": "track", "limit": "11"}, None, 400, "limit"),
            ("GET", "/search", {"q": "song", "type": "track", "size": "3"}, None, 400, "Unknown parameter: size"),
            ("GET", "/me/top/tracks", {"limit": "51"}, None, 400, "limit"),
            ("POST", "/me/playlists", {}, {"public": False}, 400, "name"),
            ("POST", "/me/playlists", {}, {"name": "x", "mood": "sad"}, 400, "Unknown field of the body: mood"),
            ("POST", "/me/playlists", {}, {"name": "x", "public": True}, 403, "scope"),
            ("PUT", "/me/player/play", {}, {"uris": ["spotify:track:short"]}, 400, "uri"),
            ("PUT", "/me/library", {"uris": ",".join(URIS[:41])}, None, 400, "40"),
        ],
    )
    def test_a_mistake_is_refused_and_remembered(
        self, ada: App, method: str, path: str, query: dict[str, str], body: Any, status: int, said: str
    ) -> None:
        answer = ada.call(method, path, body, **query)
        assert answer.status == status
        assert said in why(answer)
        assert said in ada.state()["refused"][0]["why"]

    def test_a_call_without_a_token(self, app: App) -> None:
        assert app.stub.handle(Request("GET", "/v1/me")).status == 401

    def test_a_scope_that_was_not_granted(self, app: App) -> None:
        app.login(scope="user-top-read")
        assert app.call("GET", "/me/top/tracks").status == 200
        assert why(app.call("GET", "/me/tracks")) == "Insufficient client scope"

    def test_a_user_who_is_not_listed_gets_plain_text(self, app: App) -> None:
        answer = app.login("cleo").call("GET", "/me")
        assert (answer.status, answer.document()) == (403, None)
        assert b"Developer Dashboard" in answer.payload

    def test_no_secret_is_written_down(self, ada: App) -> None:
        ada.renew()
        told = json.dumps(ada.state())
        for secret in (ada.token, ada.refresh_token, VERIFIER, STATE, challenge_of(VERIFIER)):
            assert secret not in told
        assert "code" not in json.dumps(ada.state()["calls"])


class TestPlaylists:
    def test_songs_stand_in_the_order_given(self, ada: App) -> None:
        made = ada.call("POST", "/me/playlists", {"name": "Evening", "public": False})
        where = f"/playlists/{made.document()['id']}/items"
        assert ada.call("POST", where, {"uris": URIS[10:0:-1]}).status == 201
        assert ada.call("POST", where, {"uris": URIS[50:52], "position": 1}).status == 201
        expected = [URIS[10], *URIS[50:52], *URIS[9:0:-1]]
        (held,) = ada.state()["playlists"]
        assert [item["uri"] for item in held["items"]] == expected
        assert (held["owner"], held["name"], held["public"]) == ("ada", "Evening", False)
        read = ada.call("GET", where, limit="50").document()
        assert [item["item"]["uri"] for item in read["items"]] == expected

    def test_a_hundred_a_call_and_no_bare_list(self, ada: App) -> None:
        where = f"/playlists/{ada.call('POST', '/me/playlists', {'name': 'x', 'public': False}).document()['id']}/items"
        assert ada.call("POST", where, {"uris": [*URIS, URIS[0]]}).status == 400
        assert ada.call("POST", where, URIS[:2]).status == 400
        assert ada.call("POST", where, {"uris": URIS}).status == 201

    def test_replacing_and_removing(self, ada: App) -> None:
        where = f"/playlists/{ada.call('POST', '/me/playlists', {'name': 'x', 'public': False}).document()['id']}/items"
        ada.call("PUT", where, {"uris": URIS[:3]})
        ada.call("DELETE", where, {"items": [{"uri": URIS[1]}]})
        assert [item["uri"] for item in ada.state()["playlists"][0]["items"]] == [URIS[0], URIS[2]]

    def test_nobody_reads_or_changes_anothers(self, ada: App) -> None:
        where = f"/playlists/{ada.call('POST', '/me/playlists', {'name': 'x', 'public': False}).document()['id']}/items"
        ada.login("ben")
        assert ada.call("GET", where).status == 403
        assert ada.call("POST", where, {"uris": URIS[:1]}).status == 403
        assert ada.call("GET", "/me/playlists").document()["total"] == 0


class TestPlayer:
    def test_play_queue_next_pause(self, ada: App) -> None:
        assert ada.call("GET", "/me/player").status == 204
        assert ada.call("PUT", "/me/player/play", {"uris": URIS[:3]}, device_id="device-ada-kitchen").status == 204
        ada.call("POST", "/me/player/queue", uri=URIS[9])
        assert ada.state()["playing"]["ada"]["device"] == "Kitchen speaker"
        assert [song["uri"] for song in ada.state()["queue"]["ada"]] == [URIS[9]]
        heard = []
        for _ in range(4):
            heard.append(ada.call("GET", "/me/player").document()["item"]["uri"])
            ada.call("POST", "/me/player/next")
        assert heard == [URIS[0], URIS[9], URIS[1], URIS[2]]
        assert ada.state()["playing"]["ada"] is None
        ada.call("POST", "/me/player/previous")
        ada.call("PUT", "/me/player/pause")
        assert ada.call("GET", "/me/player").document()["is_playing"] is False

    def test_the_music_runs_with_the_clock(self, ada: App) -> None:
        ada.call("PUT", "/me/player/play", {"uris": URIS[:2]})  # each lasts 200 s
        ada.clock.advance(150)
        assert ada.call("GET", "/me/player").document()["progress_ms"] == 150_000
        ada.call("PUT", "/me/player/pause")
        ada.clock.advance(1000)
        ada.call("PUT", "/me/player/play")
        ada.clock.advance(60)
        now = ada.call("GET", "/me/player").document()
        assert (now["item"]["uri"], now["progress_ms"]) == (URIS[1], 10_000)
        ada.clock.advance(190)
        assert ada.call("GET", "/me/player").status == 204

    def test_a_free_account_cannot(self, app: App) -> None:
        answer = app.login("ben").call("PUT", "/me/player/play", {"uris": URIS[:1]})
        assert answer.document()["error"]["reason"] == "PREMIUM_REQUIRED"

    def test_without_a_device_nothing_plays(self, ada: App) -> None:
        ada.world.people["ada"].player.devices.clear()
        answer = ada.call("PUT", "/me/player/play", {"uris": URIS[:1]})
        assert (answer.status, answer.document()["error"]["reason"]) == (404, "NO_ACTIVE_DEVICE")

    def test_another_device_takes_over(self, ada: App) -> None:
        ada.call("PUT", "/me/player/play", {"uris": URIS[:1]})
        assert ada.call("PUT", "/me/player", {"device_ids": ["device-ada-kitchen"]}).status == 204
        active = [d["name"] for d in ada.call("GET", "/me/player/devices").document()["devices"] if d["is_active"]]
        assert active == ["Kitchen speaker"]


class TestLibrary:
    def test_a_like_stands_first_and_once(self, ada: App) -> None:
        for _ in range(2):
            assert ada.call("PUT", "/me/library", uris=URIS[40]).status == 200
        saved = ada.call("GET", "/me/tracks", limit="50").document()["items"]
        assert [item["track"]["uri"] for item in saved].count(URIS[40]) == 1
        assert saved[0]["track"]["uri"] == URIS[40]
        assert ada.call("GET", "/me/library/contains", uris=f"{URIS[40]},{URIS[41]}").document() == [True, False]

    def test_what_a_new_app_no_longer_gets(self, ada: App) -> None:
        told = json.dumps(
            [ada.call("GET", path).document() for path in ("/me", "/me/top/tracks", f"/tracks/{SONGS[0].id}")]
        )
        assert not any(
            f'"{name}"' in told for name in ("popularity", "available_markets", "genres", "country", "email")
        )
        assert '"isrc"' in told

    def test_search_by_words_filters_and_isrc(self) -> None:
        songs = [
            make_track(0, title="Así Se Goza", artist="Los Niños"),
            make_track(1, title="Goza", artist="Trio", year=1999),
        ]
        shelf = SongShelf(songs)
        assert list(shelf.search("asi goza")) == songs[:1]
        assert list(shelf.search("track:goza artist:Los Niños")) == songs[:1]
        assert list(shelf.search('track:"goza" year:1995-2001')) == songs[1:]
        assert list(shelf.search(f"isrc:{shelf.isrc(songs[1].id)}")) == songs[1:]
        assert not shelf.search("nothing like it")
