"""Claims of an ID token, the section [auth], and the address by which one leaves to sign in."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.requests import Request
from starlette.responses import Response

from emrs_core.errors import UsageError
from emrs_core.timeline.access import person_id
from emrs_core.ui import parking
from emrs_core.ui.sign_in import configuration, routes
from emrs_core.ui.sign_in.configuration import SignIn, configured
from emrs_core.ui.sign_in.person import person_of

ISSUER = "https://id.example.org"
CLAIMS = {"iss": ISSUER, "sub": "s1", "name": "Rosa", "email": "rosa@example.org", "email_verified": True}
REVIEWERS = {"rosa@example.org"}
OWN = {"client_id": "emrs", "client_secret": "x", "server_metadata_url": "https://id.example.org/x"}
SHARED = {"redirect_uri": "https://emrs.example.org:444/base/oauth2callback", "cookie_secret": "x"}


@pytest.mark.parametrize(
    ("changed", "reviewer"),
    [
        ({}, True),
        ({"email_verified": "true"}, True),
        ({"email_verified": False}, False),
        ({"email_verified": "false"}, False),
        ({"email_verified": None}, False),
        ({"email": ["rosa@example.org"]}, False),
        ({"email": "ada@example.org"}, False),
    ],
)
def test_only_a_verified_address_makes_a_reviewer(changed: dict[str, Any], reviewer: bool) -> None:
    person = person_of(CLAIMS | changed, REVIEWERS)
    assert person.viewer.reviewer is reviewer
    assert person.viewer.owner_id == person_id(ISSUER, "s1")  # whatever the address


@pytest.mark.parametrize("missing", ["iss", "sub"])
def test_claims_that_name_nobody_are_refused(missing: str) -> None:
    with pytest.raises(UsageError):
        person_of({**CLAIMS, missing: 7}, REVIEWERS)


def test_a_name_is_found_where_providers_put_it() -> None:
    named = {"iss": ISSUER, "sub": "s1", "preferred_username": "rosa", "email": "rosa@example.org"}
    assert person_of(named, ()).name == "rosa"
    del named["preferred_username"]
    assert person_of(named, ()).name == "rosa@example.org"
    del named["email"]
    assert person_of(named, ()).name == ""


@pytest.mark.parametrize("missing", [*SHARED, *OWN])
def test_half_a_configuration_is_none(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    section = {name: value for name, value in (SHARED | OWN).items() if name != missing}
    monkeypatch.setattr(configuration, "_section", lambda: section)
    assert configured() is None


def test_signing_in_works_at_one_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configuration, "_section", lambda: SHARED | OWN)
    sign_in = configured()
    assert sign_in == SignIn(("default",), "https://emrs.example.org:444")
    assert sign_in.works_at("https://EMRS.example.org:444/base/privacy?x=1")
    assert not sign_in.works_at("https://emrs.example.org/base/privacy")
    assert not sign_in.works_at(None)


@pytest.fixture
def sign_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[SignIn]:
    configured_now = SignIn(("default", "lab"), "https://emrs.example.org")
    monkeypatch.setattr(routes, "configured", lambda: configured_now)
    monkeypatch.setattr(routes, "generate_login_redirect_url", lambda name: f"/auth/login?provider=token-for-{name}")
    parking.visits.cache_clear()
    yield configured_now
    parking.visits.cache_clear()


class Thing:
    """Something that can be held."""

    def __init__(self) -> None:
        self.session = self
        self.music = self
        self.left = 0

    def page_left(self) -> None:
        self.left += 1


def call(path: str, **headers: str) -> Response:
    parts = urlsplit(path)
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": parts.path,
        "query_string": parts.query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        "server": ("127.0.0.1", 8501),
    }
    return routes.leave(Request(scope))


def cookie_of(answer: Response) -> Any:
    return SimpleCookie(answer.headers.get("set-cookie", "")).get(routes.COOKIE)


def test_leaving_holds_the_visit_and_tells_the_browser_alone(sign_in: SignIn) -> None:
    thing: Any = Thing()
    ticket = parking.visits().ticket(thing)
    answer = call(f"/sign-in?provider=lab&resume={ticket}", sec_fetch_site="same-origin")
    assert (answer.status_code, answer.headers["location"]) == (303, "/auth/login?provider=token-for-lab")
    assert answer.headers["cache-control"] == "no-store"
    cookie = cookie_of(answer)
    assert cookie.value == ticket
    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie["samesite"].lower() == "lax"
    assert thing.left == 1
    assert parking.visits().take(ticket) is thing


@pytest.mark.parametrize("site", ["same-site", "none", ""])
def test_a_ticket_counts_only_from_our_own_page(sign_in: SignIn, site: str) -> None:
    thing: Any = Thing()
    ticket = parking.visits().ticket(thing)
    headers = {"sec_fetch_site": site} if site else {}
    answer = call(f"/sign-in?provider=default&resume={ticket}", **headers)
    assert answer.headers["location"].startswith("/auth/login")
    assert cookie_of(answer) is None
    assert thing.left == 0


def test_a_strangers_link_signs_nobody_in(sign_in: SignIn) -> None:
    assert call("/sign-in?provider=default", sec_fetch_site="cross-site").headers["location"] == "/"


@pytest.mark.parametrize("query", ["", "?provider=other", "?provider="])
def test_an_unknown_provider_leads_home(sign_in: SignIn, query: str) -> None:
    assert call(f"/base/sign-in{query}").headers["location"] == "/base/"


def test_without_a_provider_the_address_leads_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "configured", lambda: None)
    assert call("/sign-in?provider=default").headers["location"] == "/"


def test_no_code_and_no_ticket_reaches_an_access_log(caplog: pytest.LogCaptureFixture) -> None:
    routes.sign_in_routes()
    logger = logging.getLogger("uvicorn.access")
    with caplog.at_level(logging.INFO, logger.name):
        logger.info('%s - "%s %s"', "127.0.0.1", "GET", "/oauth2callback?code=hush&state=hush")
        logger.info('%s - "%s %s"', "127.0.0.1", "GET", "/sign-in?resume=hush")
    assert "hush" not in caplog.text
    assert "/oauth2callback" in caplog.text


def test_streamlits_own_login_is_where_the_way_leads() -> None:
    """The function behind ``st.login`` is not documented: should it go, this says so."""
    from streamlit import user_info

    assert user_info.AUTH_LOGIN_ENDPOINT == "/auth/login"
    assert callable(user_info.generate_login_redirect_url)
