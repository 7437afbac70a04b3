"""The stand-in for an identity provider takes what a correct client sends, once, and refuses all else."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from emrs_core.testing.clock import FakeClock
from emrs_core.testing.identity.people import ADA, MALLORY
from emrs_core.testing.identity.provider import CLIENT_ID, CODE_LIFE_S, IdentityProvider, challenge_of, may_return_to
from emrs_core.testing.loopback.wire import Answer, Request

BACK = "http://localhost:8501/oauth2callback"
VERIFIER = "v" * 43
QUESTION = {
    "client_id": CLIENT_ID,
    "response_type": "code",
    "scope": "openid email profile",
    "redirect_uri": BACK,
    "state": "s" * 16,
    "nonce": "n" * 16,
    "code_challenge": challenge_of(VERIFIER),
    "code_challenge_method": "S256",
}


class Client:
    """A client that knows how."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.provider = IdentityProvider(self.clock.now_s)
        self.provider.issuer = "http://127.0.0.1:8740"

    def get(self, path: str, **headers: str) -> Answer:
        return self.provider.handle(Request.parse("GET", path, headers, b""))

    def post(self, path: str, form: dict[str, str], **headers: str) -> Answer:
        return self.provider.handle(Request.parse("POST", path, headers, urlencode(form).encode()))

    def decide(self, subject: str, **question: str) -> dict[str, str]:
        """What the browser brings back when that person, or nobody, signs in."""
        page = self.get(f"/authorize?{urlencode(QUESTION | question)}")
        assert page.status == 200, page.payload
        ticket = page.payload.decode().partition('name="ticket" value="')[2].partition('"')[0]
        answer = self.post("/authorize/decision", {"ticket": ticket, "person": subject})
        assert answer.status == 303
        assert answer.headers["Location"].startswith(f"{BACK}?")
        return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}

    def exchange(self, code: str, secret: str | None = None, **form: str) -> Answer:
        basic = base64.b64encode(f"{CLIENT_ID}:{secret or self.provider.client_secret}".encode()).decode()
        asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
        return self.post("/token", asked | form, authorization=f"Basic {basic}")

    def claims(self, token: str) -> dict[str, Any]:
        keys = KeySet.import_key_set(json.loads(self.get("/jwks").payload))
        return dict(jwt.decode(token, keys, algorithms=["RS256"]).claims)


@pytest.fixture
def client() -> Client:
    return Client()


def test_a_person_signs_in(client: Client) -> None:
    back = client.decide(ADA.subject)
    assert back["state"] == QUESTION["state"]
    tokens = json.loads(client.exchange(back["code"]).payload)
    claims = client.claims(tokens["id_token"])
    assert (claims["iss"], claims["aud"], claims["nonce"]) == ("http://127.0.0.1:8740", CLIENT_ID, "n" * 16)
    assert (claims["sub"], claims["email_verified"]) == (ADA.subject, True)
    info = client.get("/userinfo", authorization=f"Bearer {tokens['access_token']}")
    assert json.loads(info.payload) == ADA.claims()
    assert client.provider.refused == []
    assert {back["code"], tokens["id_token"], tokens["access_token"], VERIFIER} <= client.provider.told


def test_an_address_that_nobody_verified_is_told_as_such(client: Client) -> None:
    tokens = json.loads(client.exchange(client.decide(MALLORY.subject)["code"]).payload)
    assert client.claims(tokens["id_token"])["email_verified"] is False


def test_declining_brings_no_code(client: Client) -> None:
    assert client.decide("") == {"error": "access_denied", "state": QUESTION["state"]}


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "another"},
        {"response_type": "token"},
        {"scope": "email"},
        {"redirect_uri": "https://evil.example/oauth2callback"},
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
        {"nonce": ""},
        {"state": "short"},
    ],
)
def test_a_question_that_is_not_right_shows_no_people(client: Client, wrong: dict[str, str]) -> None:
    answer = client.get(f"/authorize?{urlencode(QUESTION | wrong)}")
    assert answer.status == 400
    assert b"<form" not in answer.payload
    assert len(client.provider.refused) == 1


def test_a_code_works_once_briefly_and_for_its_own_client(client: Client) -> None:
    code = client.decide(ADA.subject)["code"]
    assert client.exchange(code, secret="wrong").status == 401
    assert client.exchange(code).status == 200
    assert client.exchange(code).status == 400
    late = client.decide(ADA.subject)["code"]
    client.clock.advance(CODE_LIFE_S + 1)
    assert client.exchange(late).status == 400


@pytest.mark.parametrize("wrong", [{"code_verifier": "w" * 43}, {"redirect_uri": f"{BACK}/"}, {"grant_type": "x"}])
def test_a_code_of_somebody_else_is_worth_nothing(client: Client, wrong: dict[str, str]) -> None:
    answer = client.exchange(client.decide(ADA.subject)["code"], **wrong)
    assert answer.status == 400
    assert "id_token" not in json.loads(answer.payload)


def test_a_page_is_answered_once_and_strangers_get_nothing(client: Client) -> None:
    assert client.post("/authorize/decision", {"ticket": "guessed", "person": ADA.subject}).status == 400
    assert client.get("/userinfo", authorization="Bearer guessed").status == 401
    assert client.get("/elsewhere").status == 404


def test_the_farewell_leads_back(client: Client) -> None:
    answer = client.get(f"/logout?{urlencode({'post_logout_redirect_uri': BACK})}")
    assert answer.headers["Location"] == BACK
    assert client.get("/logout?post_logout_redirect_uri=https://evil.example/oauth2callback").status == 400


@pytest.mark.parametrize(
    ("uri", "wanted"),
    [
        (BACK, True),
        ("http://127.0.0.1:1/base/oauth2callback", True),
        ("http://localhost:8501/", False),
        ("http://localhost.evil.example/oauth2callback", False),
        ("javascript://localhost/oauth2callback", False),
        (f"{BACK}?x=1", False),
    ],
)
def test_people_are_sent_to_this_machine_alone(uri: str, wanted: bool) -> None:
    assert may_return_to(uri) is wanted
