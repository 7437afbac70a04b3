"""The stand-in's accounts service: strict where Spotify is strict, so that a login that passes has earned it."""

from __future__ import annotations

import pytest

from emrs_core.testing.spotify.accounts import may_return_to
from emrs_core.testing.spotify.faults import FaultKind
from emrs_core.testing.spotify.grants import ACCESS_LIFE_S, CODE_LIFE_S, GRANT_LIFE_S
from tests.unit.spotify_client_by_hand import REDIRECT, STATE, App, post_form, why


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
