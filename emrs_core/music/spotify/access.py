"""One visitor's access token: fetched anew in time, by one thread at a time, the others waiting for that one answer."""

from __future__ import annotations

import threading
from typing import Final

from emrs_core.errors import StreamingError
from emrs_core.music.spotify.failures import ConnectionEnded, ConsentTooOld, NotConnected
from emrs_core.music.spotify.oauth import Grant, SpotifyAccounts
from emrs_core.music.spotify.tokens import TokenStore

RENEW_BEFORE_S: Final = 60.0
"""A token that ends within the next minute is renewed first, so that it cannot end between check and use."""
CONSENT_LIVES_S: Final = 182 * 24 * 3600.0
"""Six months from the consent a refresh token dies. Source: developer.spotify.com, change of 18 June 2026."""
FAILED_LATELY_S: Final = 2.0
"""A failed renewal is not repeated so soon: threads that waited for it get the same answer at once."""


class VisitorAccess:
    """The grant under one visitor's id. Safe from any thread; ``close`` ends it for good.

    Only ``token`` may ask Spotify, and only those who need a fresh token wait for that: all else answers at once.
    """

    def __init__(self, visitor: str, store: TokenStore, accounts: SpotifyAccounts) -> None:
        self._visitor = visitor
        self._store = store
        self._accounts = accounts
        self._now_s = accounts.now_s
        self._lock = threading.Lock()  # of what is held
        self._renewing = threading.Lock()  # held while Spotify is asked
        self._closed = False
        self._failed: tuple[float, StreamingError] | None = None

    def grant(self) -> Grant | None:
        """What is held now; None when nobody is connected. Raises StorageError."""
        with self._lock:
            return self._held()

    def token(self, rejected: str = "") -> str:
        """An access token that is good for the next minute and is not ``rejected`` (the one that got a 401).

        May ask Spotify, a few seconds at most. Raises NotConnected without a grant, ConnectionEnded when Spotify
        honours it no more (it is then erased), another StreamingError when it may be tried again.
        """
        grant = self._required()
        if self._good(grant, rejected):
            return grant.access_token
        with self._renewing:
            grant = self._required()  # perhaps renewed while this thread waited
            return grant.access_token if self._good(grant, rejected) else self._renewed(grant).access_token

    def move(self, visitor: str, grant: Grant) -> None:
        """Hold that newer grant, under another visitor id; the old id then opens nothing. Raises StorageError."""
        with self._lock:
            self._store.put(visitor, grant)
            self._store.delete(self._visitor)
            self._visitor, self._failed = visitor, None

    def close(self) -> None:
        """Erase the grant; a renewal under way cannot bring it back. Raises StorageError."""
        with self._lock:
            self._closed = True
            self._store.delete(self._visitor)

    def _held(self) -> Grant | None:
        return None if self._closed else self._store.get(self._visitor)

    def _required(self) -> Grant:
        grant = self.grant()
        if grant is None:
            raise NotConnected
        return grant

    def _good(self, grant: Grant, rejected: str) -> bool:
        return grant.access_token != rejected and grant.expires_at_s - self._now_s() > RENEW_BEFORE_S

    def _renewed(self, grant: Grant) -> Grant:
        if self._failed is not None and self._now_s() - self._failed[0] < FAILED_LATELY_S:
            raise self._failed[1]
        try:
            fresh = self._accounts.refresh(grant)
        except ConnectionEnded:
            if (newer := self._replace(grant, None)) is not None:
                return newer
            too_old = self._now_s() - grant.consented_at_s >= CONSENT_LIVES_S
            raise (ConsentTooOld() if too_old else ConnectionEnded()) from None
        except StreamingError as exc:
            self._failed = (self._now_s(), exc)
            raise
        self._failed = None
        newer = self._replace(grant, fresh)
        if newer is None:
            raise NotConnected
        return newer

    def _replace(self, grant: Grant, fresh: Grant | None) -> Grant | None:
        """Hold ``fresh`` instead, unless another consent or a farewell came in between. Returns what is held then."""
        with self._lock:
            held = self._held()
            if held != grant:
                return held
            if fresh is None:
                self._store.delete(self._visitor)
            else:
                self._store.put(self._visitor, fresh)
            return fresh
