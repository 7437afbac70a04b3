"""The three addresses of the login: what goes into the cookie, where the browser is sent, what strangers get."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.requests import Request
from starlette.responses import Response

from emrs_core.bootstrap import new_spotify_connections
from emrs_core.music.spotify.connections import LoginEnded, SpotifyConnections
from emrs_core.music.spotify.outcomes import Outcome
from emrs_core.settings import Settings
from emrs_core.ui import spotify_routes
from emrs_core.ui.spotify import shared
from emrs_core.ui.spotify_routes import COOKIE, callback, disconnect, login

OWN = {"sec-fetch-site": "same-origin"}
TICKET = "ticket-0123456789abcdef"


@pytest.fixture
def connections() -> Iterator[SpotifyConnections]:
    settings = Settings.from_mapping({"EMRS_SPOTIFY_CLIENT_ID": "client"})
    made = new_spotify_connections(settings)
    assert made is not None
    shared.use(made, settings)
    yield made
    shared.forget()


def call(
    handler: Callable[[Request], Awaitable[Response]],
    path: str,
    cookie: str | None = None,
    host: str = "127.0.0.1:8501",
    scheme: str = "http",
    **headers: str,
) -> Response:
    """What the handler answers to a request for that path with query."""
    parts = urlsplit(path)
    sent = {"host": host} | {name.replace("_", "-"): value for name, value in headers.items()}
    if cookie:
        sent["cookie"] = f"{COOKIE}={cookie}"
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "scheme": scheme,
        "path": parts.path,
        "query_string": parts.query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        "server": ("127.0.0.1", 8501),
    }

    async def run() -> Response:
        return await handler(Request(scope))

    return asyncio.run(run())


def cookie_of(response: Response) -> Any:
    jar = SimpleCookie(response.headers.get("set-cookie", ""))
    return jar.get(COOKIE)


def query_of(response: Response) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(response.headers["location"]).query).items()}


def test_leaving_sets_a_cookie_that_no_script_reads(connections: SpotifyConnections) -> None:
    answer = call(login, "/spotify/login?next=/music")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("https://accounts.spotify.com/authorize?")
    assert answer.headers["cache-control"] == "no-store"
    cookie = cookie_of(answer)
    assert cookie["httponly"]
    assert cookie["samesite"].lower() == "lax"
    assert cookie["path"] == "/"
    assert not cookie["secure"]
    assert not cookie["max-age"]
    assert query_of(answer)["redirect_uri"] == "http://127.0.0.1:8501/spotify/callback"
    assert query_of(answer)["scope"] == "user-library-read user-top-read"


@pytest.mark.parametrize(
    ("scheme", "headers"),
    [("https", {}), ("http", {"x_forwarded_proto": "https"}), ("http", {"x_forwarded_proto": "https, http"})],
)
def test_over_https_the_cookie_is_secure(connections: SpotifyConnections, scheme: str, headers: dict[str, str]) -> None:
    answer = call(login, "/spotify/login", host="music.example.org", scheme=scheme, **headers)
    assert cookie_of(answer)["secure"]
    assert query_of(answer)["redirect_uri"] == "https://music.example.org/spotify/callback"


def test_a_step_asks_for_its_scopes_and_nonsense_for_the_least(connections: SpotifyConnections) -> None:
    assert "playlist-modify-private" in query_of(call(login, "/spotify/login?step=playlist"))["scope"]
    assert query_of(call(login, "/spotify/login?step=everything"))["scope"] == "user-library-read user-top-read"


def test_localhost_moves_to_its_number_first(connections: SpotifyConnections) -> None:
    answer = call(login, "/spotify/login?step=player&next=/music", host="localhost:8501")
    assert answer.headers["location"] == "http://127.0.0.1:8501/spotify"
    assert cookie_of(answer) is None


def test_a_strangers_link_begins_no_login(connections: SpotifyConnections) -> None:
    answer = call(login, "/spotify/login?step=player", sec_fetch_site="cross-site")
    assert answer.headers["location"] == "/spotify"
    assert cookie_of(answer) is None


def test_the_app_may_lie_below_a_path(connections: SpotifyConnections) -> None:
    answer = call(login, "/emrs/spotify/login", host="example.org", scheme="https")
    assert query_of(answer)["redirect_uri"] == "https://example.org/emrs/spotify/callback"
    back = call(callback, "/emrs/spotify/callback?error=access_denied&state=x", host="example.org", scheme="https")
    assert urlsplit(back.headers["location"]).path == "/emrs/spotify"


def test_a_fixed_redirect_address_is_used_as_it_is(connections: SpotifyConnections) -> None:
    address = "https://proxy.example/spotify/callback"
    settings = {"EMRS_SPOTIFY_CLIENT_ID": "client", "EMRS_SPOTIFY_REDIRECT_URI": address}
    shared.use(connections, Settings.from_mapping(settings))
    answer = call(login, "/spotify/login", host="inner:8501")
    assert query_of(answer)["redirect_uri"] == address
    assert cookie_of(answer)["secure"]


def test_a_host_that_is_none_begins_no_login(connections: SpotifyConnections) -> None:
    answer = call(login, "/spotify/login", host="evil.example/?x")
    assert answer.headers["location"] == "/spotify?connect=failed"


def test_coming_back_changes_the_cookie_and_hides_the_code(
    connections: SpotifyConnections, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Any, ...]] = []

    def finish(*args: Any) -> LoginEnded:
        asked.append(args)
        return LoginEnded(Outcome.CONNECTED, "/music", "fresh-id")

    monkeypatch.setattr(connections, "finish", finish)
    answer = call(callback, "/spotify/callback?code=the-code&state=the-state", cookie="old-id")
    assert asked == [("old-id", "the-state", "the-code", "")]
    assert answer.status_code == 303
    assert answer.headers["location"] == "/music?connect=connected"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert cookie_of(answer).value == "fresh-id"


def test_a_login_that_nobody_began_changes_no_cookie(connections: SpotifyConnections) -> None:
    answer = call(callback, "/spotify/callback?code=c&state=s")
    assert answer.headers["location"] == "/spotify?connect=elsewhere"
    assert cookie_of(answer) is None
    begun = call(login, "/spotify/login")
    wrong = call(callback, "/spotify/callback?code=c&state=s", cookie=cookie_of(begun).value)
    assert wrong.headers["location"] == "/spotify?connect=expired"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "/music/../x", "javascript:x", "music", ""]
)
def test_nobody_is_sent_to_a_strangers_page(connections: SpotifyConnections, target: str) -> None:
    begun = call(login, f"/spotify/login?next={target}")
    state = query_of(begun)["state"]
    back = call(callback, f"/spotify/callback?error=access_denied&state={state}", cookie=cookie_of(begun).value)
    assert back.headers["location"] == "/spotify?connect=declined"


@pytest.mark.parametrize("page", ["/", "/timelines", "/music", "/taste", "/catalogue", "/about", "/model", "/privacy"])
def test_the_page_asked_for_is_the_one_come_back_to(connections: SpotifyConnections, page: str) -> None:
    begun = call(login, f"/spotify/login?next={page}")
    state = query_of(begun)["state"]
    back = call(callback, f"/spotify/callback?error=access_denied&state={state}", cookie=cookie_of(begun).value)
    assert back.headers["location"] == f"{page}?connect=declined"


@pytest.mark.parametrize(
    ("headers", "handed"), [(OWN, True), ({}, False), ({"sec-fetch-site": "same-site"}, False)], ids=str
)
def test_a_visit_is_handed_over_from_our_own_pages_alone(
    connections: SpotifyConnections, headers: dict[str, str], handed: bool
) -> None:
    begun = call(login, f"/spotify/login?resume={TICKET}", **{k.replace("-", "_"): v for k, v in headers.items()})
    assert connections.take_ticket(cookie_of(begun).value) == (TICKET if handed else None)


def test_disconnecting_erases_and_takes_the_cookie_back(
    connections: SpotifyConnections, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: list[str | None] = []
    monkeypatch.setattr(connections, "disconnect", gone.append)
    form = call(disconnect, "/spotify/disconnect", cookie="the-id", sec_fetch_mode="navigate")
    assert form.headers["location"] == "/spotify?connect=disconnected"
    script = call(disconnect, "/spotify/disconnect", cookie="the-id", sec_fetch_mode="cors")
    assert script.status_code == 204
    assert gone == ["the-id", "the-id"]
    for answer in (form, script):
        assert cookie_of(answer).value == ""
        assert cookie_of(answer)["max-age"] == "0"


def test_a_strangers_page_cannot_disconnect(connections: SpotifyConnections, monkeypatch: pytest.MonkeyPatch) -> None:
    gone: list[str | None] = []
    monkeypatch.setattr(connections, "disconnect", gone.append)
    answer = call(disconnect, "/spotify/disconnect", cookie="the-id", sec_fetch_site="cross-site")
    assert answer.status_code == 403
    assert gone == []
    methods = {route.path: route.methods for route in spotify_routes.spotify_routes()}
    assert methods["/spotify/disconnect"] == {"POST"}


def test_where_connections_are_kept_the_cookie_is_kept_too(connections: SpotifyConnections) -> None:
    key = {"EMRS_SPOTIFY_CLIENT_ID": "client", "EMRS_SPOTIFY_TOKEN_KEY": "A" * 43 + "="}
    shared.use(connections, Settings.from_mapping(key))
    assert int(cookie_of(call(login, "/spotify/login"))["max-age"]) > 30 * 24 * 3600


def test_without_a_client_id_the_page_says_how_to_get_one() -> None:
    shared.use(None)
    try:
        for handler, path in ((login, "/spotify/login"), (callback, "/spotify/callback")):
            answer = call(handler, path)
            assert (answer.status_code, answer.headers["location"]) == (303, "/spotify")
    finally:
        shared.forget()


def test_an_access_log_holds_no_code(caplog: pytest.LogCaptureFixture) -> None:
    spotify_routes.spotify_routes()
    with caplog.at_level(logging.INFO, logger="uvicorn.access"):
        path = "/spotify/callback?code=the-code&state=the-state"
        logging.getLogger("uvicorn.access").info('%s - "%s %s HTTP/%s" %d', "1.2.3.4", "GET", path, "1.1", 303)
        logging.getLogger("uvicorn.access").info("plain")
    assert "/spotify/callback" in caplog.text
    assert "the-code" not in caplog.text
    assert "the-state" not in caplog.text
