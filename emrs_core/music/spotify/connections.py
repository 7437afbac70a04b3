"""Every visitor's connection to Spotify, under the id in the visitor's cookie. One object for the whole process.

The id is made here, cannot be guessed, and is another one after each login: an id that somebody planted or saw before
the login opens nothing after it.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from typing import Final

from emrs_core.errors import StreamingError
from emrs_core.music.spotify.access import VisitorAccess
from emrs_core.music.spotify.connection import SpotifyConnection
from emrs_core.music.spotify.failures import ConnectionEnded, NotAllowListed, OwnerWithoutPremium
from emrs_core.music.spotify.logins import Login, PendingLogins
from emrs_core.music.spotify.oauth import SpotifyAccounts
from emrs_core.music.spotify.outcomes import Outcome, outcome_of
from emrs_core.music.spotify.scopes import Step, scopes_for
from emrs_core.music.spotify.tokens import TokenStore

MOST_CONNECTED: Final = 1000
"""Connections in memory, and tickets; beyond it the oldest leave the memory. Development Mode allows five accounts."""


IDLE_S: Final = 12 * 3600.0
"""A browser that has not been seen for half a day is closed, with a session's cookie gone: so is its connection."""
SWEEP_S: Final = 60.0
"""How often idle connections are looked for."""


@dataclass(frozen=True, slots=True)
class LoginBegun:
    """Where the browser goes, and the id that its cookie holds from now on."""

    visitor: str = field(repr=False)
    consent_url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LoginEnded:
    """How it ended, where the person wanted to be, and the id for the cookie (None: leave the cookie as it is)."""

    outcome: Outcome
    next_path: str | None = None
    visitor: str | None = field(default=None, repr=False)


class SpotifyConnections:
    """Safe from any thread. ``begin``, ``of`` and ``take_ticket`` answer at once; ``finish`` asks Spotify."""

    def __init__(
        self, accounts: SpotifyAccounts, api_url: str, store: TokenStore, idle_s: float | None = IDLE_S
    ) -> None:
        """Connections unseen for ``idle_s`` are erased; None: never, for a store that outlives the process."""
        self._idle_s = idle_s
        self._seen_s: dict[str, float] = {}
        self._swept_s = accounts.now_s()
        self._accounts = accounts
        self._api_url = api_url
        self._store = store
        self._logins = PendingLogins(accounts.now_s)
        self._lock = threading.Lock()
        self._connections: dict[str, SpotifyConnection] = {}
        self._tickets: dict[str, str] = {}

    def begin(
        self, visitor: str | None, step: Step, redirect_uri: str, next_path: str, ticket: str | None = None
    ) -> LoginBegun:
        """Begin a login. ``visitor`` is what the cookie says; an id not made here is replaced.

        ``ticket`` is handed to whoever comes back with the cookie, by ``take_ticket``: what the page left with.
        """
        connection = self.of(visitor)
        known = visitor is not None and (connection is not None or self._logins.knows(visitor))
        visitor = visitor if visitor is not None and known else _new_id()
        grant = connection.access.grant() if connection else None
        login = self._logins.begin(visitor, scopes_for(step, grant.scopes if grant else ()), redirect_uri, next_path)
        with self._lock:
            self._tickets.pop(visitor, None)
            if ticket:
                self._tickets[visitor] = ticket
            while len(self._tickets) > MOST_CONNECTED:
                del self._tickets[next(iter(self._tickets))]
        url = self._accounts.consent_url(redirect_uri, login.scopes, login.state, login.verifier)
        return LoginBegun(visitor, url)

    def finish(self, visitor: str | None, state: str, code: str = "", error: str = "") -> LoginEnded:
        """End a login with what Spotify's redirect brought: a code, or an error. Never raises StreamingError."""
        if not visitor or not (self._logins.knows(visitor) or self.of(visitor)):
            return LoginEnded(Outcome.ELSEWHERE)
        login = self._logins.take(visitor, state)
        if login is None:
            return LoginEnded(Outcome.EXPIRED)
        if error or not code:
            return LoginEnded(Outcome.DECLINED if error == "access_denied" else Outcome.FAILED, login.next_path)
        try:
            fresh_id = self._connect(visitor, code, login)
        except StreamingError as exc:
            return LoginEnded(outcome_of(exc), login.next_path)
        return LoginEnded(Outcome.CONNECTED, login.next_path, fresh_id)

    def of(self, visitor: str | None) -> SpotifyConnection | None:
        """The visitor's connection; None without one, or when Spotify ended it (all derived from it is then erased).

        Raises StorageError when a kept grant cannot be read.
        """
        self._drop_idle(visitor)
        if not visitor:
            return None
        with self._lock:
            connection = self._connections.get(visitor)
        if connection is None:
            if self._store.get(visitor) is None:
                return None
            with self._lock:  # kept from before this process began
                connection = self._connections.setdefault(visitor, self._new(visitor))
        if connection.alive():
            with self._lock:
                self._seen_s[visitor] = self._accounts.now_s()
            return connection
        self._drop(visitor)
        return None

    def disconnect(self, visitor: str | None) -> bool:
        """Erase the visitor's grant, everything derived from it, and logins under way. Whether there was a connection.

        Raises StorageError when a kept grant cannot be erased.
        """
        if not visitor:
            return False
        self._logins.forget(visitor)
        with self._lock:
            self._tickets.pop(visitor, None)
        had = self._drop(visitor)
        self._store.delete(visitor)  # a damaged one too
        return had

    def take_ticket(self, visitor: str | None) -> str | None:
        """The ticket that the visitor's login began with, once."""
        with self._lock:
            return self._tickets.pop(visitor, None) if visitor else None

    def _connect(self, visitor: str, code: str, login: Login) -> str:
        """Exchange the code and move the visitor to a new id, which is returned. Raises StreamingError."""
        grant = self._accounts.exchange(code, login.verifier, login.redirect_uri, login.scopes)
        fresh_id = _new_id()
        self._store.put(fresh_id, grant)
        fresh = self._new(fresh_id)
        try:
            fresh.ask_account()
        except (NotAllowListed, OwnerWithoutPremium, ConnectionEnded):
            fresh.close()
            raise
        except StreamingError:
            pass  # Spotify cannot say just now whose account it is; the connection stands
        with self._lock:
            before = self._connections.pop(visitor, None)
            kept = before if before is not None and before.belongs_to(fresh.account) else None
            self._connections[fresh_id] = kept or fresh
            self._seen_s[fresh_id] = self._accounts.now_s()
            self._seen_s.pop(visitor, None)
            if (ticket := self._tickets.pop(visitor, None)) is not None:
                self._tickets[fresh_id] = ticket
        if kept is not None:  # the same listener allows more: what they had goes on
            kept.access.move(fresh_id, self._store.get(fresh_id) or grant)  # renewed already, perhaps
        elif before is not None:
            before.close()
        self._store.delete(visitor)
        self._logins.forget(visitor)
        self._make_room()
        return fresh_id

    def _new(self, visitor: str) -> SpotifyConnection:
        access = VisitorAccess(visitor, self._store, self._accounts)
        return SpotifyConnection(access, self._api_url, self._accounts.now_s)

    def _drop(self, visitor: str) -> bool:
        with self._lock:
            connection = self._connections.pop(visitor, None)
            self._seen_s.pop(visitor, None)
        if connection is not None:
            connection.close()
        return connection is not None

    def _drop_idle(self, here: str | None) -> None:
        now_s = self._accounts.now_s()
        with self._lock:
            if self._idle_s is None or now_s - self._swept_s < SWEEP_S:
                return
            self._swept_s = now_s
            since_s = now_s - self._idle_s
            idle = [visitor for visitor, seen_s in self._seen_s.items() if seen_s < since_s and visitor != here]
        for visitor in idle:
            self._drop(visitor)

    def _make_room(self) -> None:
        while True:
            with self._lock:
                oldest = next(iter(self._connections)) if len(self._connections) > MOST_CONNECTED else None
            if oldest is None:
                return
            self._drop(oldest)


def _new_id() -> str:
    return secrets.token_urlsafe(32)
