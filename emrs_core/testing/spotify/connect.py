"""Connects the real adapter to the stand-in, through the consent page, as a browser would."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from urllib.parse import parse_qs, urlsplit

from emrs_core.music.spotify.connections import SpotifyConnections
from emrs_core.music.spotify.oauth import SpotifyAccounts
from emrs_core.music.spotify.outcomes import Outcome
from emrs_core.music.spotify.scopes import Step
from emrs_core.music.spotify.tokens import MemoryTokenStore, TokenStore
from emrs_core.testing.spotify.accounts import CLIENT_ID
from emrs_core.testing.spotify.login import REDIRECT_URI, agree
from emrs_core.testing.spotify.server import StubServer


def connections_to(
    server: StubServer, *, store: TokenStore | None = None, now_s: Callable[[], float] = time.time
) -> SpotifyConnections:
    """All visitors' connections, as the dashboard makes them."""
    accounts = SpotifyAccounts(CLIENT_ID, server.url, now_s)
    return SpotifyConnections(accounts, server.api_url, store or MemoryTokenStore())


def come_back(server: StubServer, consent_url: str, person: str) -> dict[str, str]:
    """Agree as that person; what the browser brings back: ``state`` with ``code`` or ``error``."""
    query = parse_qs(urlsplit(agree(server, consent_url, person)).query)
    return {name: values[0] for name, values in query.items()}


def connect(
    connections: SpotifyConnections, server: StubServer, person: str = "ada", steps: Iterable[Step] = tuple(Step)
) -> str:
    """Connect as that person, one consent for each step; the visitor's id afterwards."""
    visitor: str | None = None
    for step in steps:
        begun = connections.begin(visitor, step, REDIRECT_URI, "/music")
        ended = connections.finish(begun.visitor, **come_back(server, begun.consent_url, person))
        assert ended.outcome is Outcome.CONNECTED, ended.outcome
        visitor = ended.visitor
    assert visitor is not None
    return visitor
