"""The stand-in for Spotify: strict where Spotify is strict, so that a client that passes here has earned it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from emrs_core.testing.catalogues import grid_tracks, make_track
from emrs_core.testing.clock import FakeClock
from emrs_core.testing.spotify.accounts import CLIENT_ID, may_return_to
from emrs_core.testing.spotify.faults import FaultKind
from emrs_core.testing.spotify.grants import ACCESS_LIFE_S, CODE_LIFE_S, GRANT_LIFE_S, challenge_of
from emrs_core.testing.spotify.songs import SongShelf
from emrs_core.testing.spotify.stub import SpotifyStub
from emrs_core.testing.spotify.wire import Answer, Request
from emrs_core.testing.spotify.world import World

REDIRECT = "http://127.0.0.1:8501/spotify/callback"
VERIFIER = "v" * 64
STATE = "s" * 32
EVERYTHING = (
    "user-top-read user-library-read user-library-modify user-read-recently-played user-read-playback-state "
    "user-modify-playback-state playlist-read-private playlist-modify-private"
)
SONGS = grid_tracks()
URIS = [f"spotify:track:{song.id}" for song in SONGS]


@dataclass
class App:
    """A client by hand: it asks, a person decides, it calls."""

    clock: FakeClock = field(default_factory=FakeClock)
    token: str = ""
    refresh_token: str = ""

    def __post_init__(self) -> None:
        self.world = World(SONGS, clock=self.clock)
        self.stub = SpotifyStub(self.world)

    def ask(self, **changes: str) -> Answer:
        question = {
            "client_id": CLIENT_ID,
            "response_type": "code",
            "redirect_uri": REDIRECT,
            "code_challenge_method": "S256",
            "code_challenge": challenge_of(VERIFIER),
            "state": STATE,
            "scope": EVERYTHING,
        } | changes
        return self.stub.handle(Request("GET", "/authorize", question))

    def decide(self, person: str, **changes: str) -> dict[str, list[str]]:
        page = self.ask(**changes).payload.decode()
        ticket = page.split('name="ticket" value="')[1].split('"')[0]
        answer = self.stub.handle(post_form("/authorize/decision", ticket=ticket, person=person))
        assert answer.status == 303
        location = urlsplit(answer.headers["Location"])
        assert location._replace(query="").geturl() == REDIRECT
        return parse_qs(location.query)

    def exchange(self, code: str, **changes: str) -> Answer:
        form = {"grant_type": "authorization_code", "client_id": CLIENT_ID, "code": code}
        form |= {"redirect_uri": REDIRECT, "code_verifier": VERIFIER} | changes
        return self.stub.handle(post_form("/api/token", **form))

    def renew(self) -> Answer:
        form = {"grant_type": "refresh_token", "client_id": CLIENT_ID, "refresh_token": self.refresh_token}
        return self._keep(self.stub.handle(post_form("/api/token", **form)))

    def login(self, person: str = "ada", **changes: str) -> App:
        self._keep(self.exchange(self.decide(person, **changes)["code"][0]))
        return self

    def call(self, method: str, path: str, body: Any = None, **query: str) -> Answer:
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        raw = b"" if body is None else json.dumps(body).encode()
        return self.stub.handle(Request(method, f"/v1{path}", query, headers, raw))

    def fail(self, fault: FaultKind, **options: Any) -> None:
        body = json.dumps({"fault": fault, **options}).encode()
        assert self.stub.handle(Request("POST", "/_stub/faults", body=body)).status == 200

    def state(self) -> dict[str, Any]:
        state = self.stub.handle(Request("GET", "/_stub/state")).document()
        assert isinstance(state, dict)
        return state

    def _keep(self, answer: Answer) -> Answer:
        if answer.status == 200:
            self.token, self.refresh_token = answer.document()["access_token"], answer.document()["refresh_token"]
        return answer


def post_form(path: str, **form: str) -> Request:
    return Request("POST", path, body=urlencode(form).encode())


def why(answer: Answer) -> str:
    return str(answer.document()["error"]["message"])


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def ada(app: App) -> App:
    return app.login("ada")


class TestConsent:
    def test_the_state_comes_back_untouched(self, app: App) -> None:
        odd = "a+b/c=d&e f" * 4
        assert app.decide("ada", state=odd)["state"] == [odd]

    def test_declining_is_an_answer_without_a_code(self, app: App) -> None:
        assert app.decide("") == {"error": ["access_denied"], "state": [STATE]}

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"client_id": "x" * 32}, "Invalid client"),
            ({"response_type": "token"}, "response_type"),
            ({"redirect_uri": "http://localhost:8501/spotify/callback"}, "Insecure redirect URI"),
            ({"code_challenge_method": "plain"}, "S256"),
            ({"code_challenge": "short"}, "code_challenge"),
            ({"state": "guess"}, "state"),
            ({"scope": "user-read-email"}, "Illegal scope"),
        ],
    )
    def test_a_wrong_question_gets_no_consent_page(self, app: App, change: dict[str, str], said: str) -> None:
        answer = app.ask(**change)
        assert answer.status == 400
        assert said in answer.payload.decode()
        assert said in app.state()["refused"][0]["why"]

    def test_a_page_counts_once(self, app: App) -> None:
        ticket = app.ask().payload.decode().split('name="ticket" value="')[1].split('"')[0]
        first = app.stub.handle(post_form("/authorize/decision", ticket=ticket, person="ada"))
        again = app.stub.handle(post_form("/authorize/decision", ticket=ticket, person="ada"))
        assert (first.status, again.status) == (303, 400)

    @pytest.mark.parametrize(
        ("uri", "allowed"),
        [
            ("https://emrs.example/spotify/callback", True),
            ("http://127.0.0.1:8501/spotify/callback", True),
            ("http://[::1]:8501/spotify/callback", True),
            ("http://localhost:8501/spotify/callback", False),
            ("http://emrs.example/spotify/callback", False),
            ("http://127.0.0.1:8501/spotify/callback?next=x", False),
            ("spotify/callback", False),
        ],
    )
    def test_where_it_may_return_to(self, uri: str, allowed: bool) -> None:
        assert may_return_to(uri) is allowed


class TestTokens:
    def test_a_code_counts_once(self, app: App) -> None:
        code = app.decide("ada")["code"][0]
        assert app.exchange(code).status == 200
        replayed = app.exchange(code)
        assert replayed.document()["error"] == "invalid_grant"

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"code_verifier": "w" * 64}, "code_verifier"),
            ({"code_verifier": "v"}, "code_verifier"),
            ({"redirect_uri": f"{REDIRECT}/"}, "redirect"),
            ({"client_id": "other"}, "client"),
            ({"client_secret": "hush"}, "no secret"),
            ({"grant_type": "password"}, "grant_type"),
        ],
    )
    def test_an_exchange_that_does_not_fit(self, app: App, change: dict[str, str], said: str) -> None:
        answer = app.exchange(app.decide("ada")["code"][0], **change)
        assert answer.status == 400
        assert said in answer.payload.decode()

    def test_a_code_runs_out(self, app: App) -> None:
        code = app.decide("ada")["code"][0]
        app.clock.advance(CODE_LIFE_S + 1)
        assert app.exchange(code).status == 400

    def test_access_runs_out_and_refreshing_helps(self, ada: App) -> None:
        ada.clock.advance(ACCESS_LIFE_S)
        assert why(ada.call("GET", "/me")) == "The access token expired"
        assert ada.renew().status == 200
        assert ada.call("GET", "/me").status == 200

    def test_a_refresh_token_is_dead_once_used(self, ada: App) -> None:
        old = ada.refresh_token
        ada.renew()
        ada.refresh_token = old
        assert ada.renew().document() == {"error": "invalid_grant", "error_description": "Invalid refresh token"}
        assert ada.state()["users"][0]["refreshes"] == 1

    def test_a_grant_dies_after_six_months_of_refreshing(self, ada: App) -> None:
        for _ in range(2):
            ada.clock.advance(GRANT_LIFE_S / 2)
            assert ada.renew().status == 200
        ada.clock.advance(1)
        assert ada.renew().document()["error"] == "invalid_grant"

    @pytest.mark.parametrize("event", [FaultKind.REVOKED, FaultKind.SIX_MONTHS])
    def test_events_that_no_refresh_cures(self, ada: App, event: FaultKind) -> None:
        ada.fail(event)
        assert ada.call("GET", "/me").status == 401
        assert ada.renew().document()["error"] == "invalid_grant"


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


class TestFaults:
    @pytest.mark.parametrize(
        ("kind", "status"),
        [
            (FaultKind.NOT_ALLOW_LISTED, 403),
            (FaultKind.OWNER_WITHOUT_PREMIUM, 403),
            (FaultKind.QUOTA, 429),
            (FaultKind.RATE_LIMIT, 429),
            (FaultKind.SERVER_ERROR, 503),
        ],
    )
    def test_it_lasts_until_cleared(self, ada: App, kind: FaultKind, status: int) -> None:
        ada.fail(kind)
        assert [ada.call("GET", "/me").status for _ in range(3)] == [status] * 3
        ada.stub.handle(Request("DELETE", "/_stub/faults"))
        assert ada.call("GET", "/me").status == 200
        assert ada.state()["refused"] == []  # a fault is no mistake of the client
        assert [call["fault"] for call in ada.state()["calls"][-4:]] == [str(kind)] * 3 + [None]

    def test_it_can_be_narrow_late_and_short(self, ada: App) -> None:
        ada.fail(FaultKind.RATE_LIMIT, path="/v1/me/top", after=1, times=1, retry_after_s=3)
        answers = [ada.call("GET", path) for path in ("/me/top/tracks", "/me", "/me/top/tracks", "/me/top/tracks")]
        assert [answer.status for answer in answers] == [200, 200, 429, 200]
        assert answers[2].headers["Retry-After"] == "3"

    def test_it_can_befall_one_person_only(self, ada: App) -> None:
        ada.fail(FaultKind.SERVER_ERROR, person="ada")
        assert ada.call("GET", "/me").status == 503
        assert ada.login("ben").call("GET", "/me").status == 200

    def test_player_faults_leave_the_rest_alone(self, ada: App) -> None:
        ada.fail(FaultKind.NO_ACTIVE_DEVICE)
        assert ada.call("GET", "/me/player/devices").status == 200
        assert ada.call("PUT", "/me/player/pause").status == 404

    def test_spoiled_answers(self, ada: App) -> None:
        ada.fail(FaultKind.TRUNCATED, times=1)
        with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
            json.loads(ada.call("GET", "/me").payload)
        ada.fail(FaultKind.CUT_OFF, times=1)
        cut = ada.call("GET", "/me")
        assert cut.length is not None
        assert len(cut.payload) < cut.length
        ada.fail(FaultKind.REMOVED_FIELD, name="account_id", times=1)
        assert ada.call("GET", "/me").document().keys() >= {"id", "display_name"}
        assert "account_id" in ada.call("GET", "/me").document()

    def test_silence_and_a_cut_line(self, ada: App) -> None:
        ada.fail(FaultKind.TIMEOUT, hang_s=9.0, times=1)
        silent = ada.call("GET", "/me")
        ada.fail(FaultKind.DROPPED)
        cut = ada.call("GET", "/me")
        assert (silent.wait_s, silent.drop, cut.wait_s, cut.drop) == (9.0, True, 0.0, True)

    @pytest.mark.parametrize(
        ("script", "said"),
        [({"fault": "earthquake"}, "no such fault"), ({"fault": "quota", "often": 1}, "no often"), ("quota", "object")],
    )
    def test_a_script_that_makes_no_sense(self, app: App, script: Any, said: str) -> None:
        answer = app.stub.handle(Request("POST", "/_stub/faults", body=json.dumps(script).encode()))
        assert answer.status == 400
        assert said in why(answer)
