"""Logins under way: what has to be remembered between leaving for Spotify and coming back, each good once."""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from emrs_core.music.spotify.oauth import new_verifier

LOGIN_LIVES_S: Final = 600.0
"""Ten minutes to say yes at Spotify."""
MOST_EACH: Final = 5
"""Logins one visitor may have under way (several tabs); beyond it the oldest go."""
MOST_VISITORS: Final = 1000
"""Visitors with a login under way; beyond it the oldest go, so that nobody can fill the memory from outside."""


@dataclass(frozen=True, slots=True)
class Login:
    """One login under way. ``began_at_s`` is of the keeper's clock."""

    state: str = field(repr=False)
    verifier: str = field(repr=False)
    scopes: frozenset[str]
    redirect_uri: str
    next_path: str
    began_at_s: float


class PendingLogins:
    """By visitor, in memory only. Safe from any thread."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._lock = threading.Lock()
        self._logins: dict[str, list[Login]] = {}

    def begin(self, visitor: str, scopes: frozenset[str], redirect_uri: str, next_path: str) -> Login:
        """A new login with a state and a verifier that nobody can guess."""
        login = Login(secrets.token_urlsafe(32), new_verifier(), scopes, redirect_uri, next_path, self._now_s())
        with self._lock:
            self._sweep()
            under_way = [*self._logins.pop(visitor, []), login]  # the newest visitor stands last
            self._logins[visitor] = under_way[-MOST_EACH:]
            while len(self._logins) > MOST_VISITORS:
                del self._logins[next(iter(self._logins))]
        return login

    def take(self, visitor: str, state: str) -> Login | None:
        """The visitor's login with that state, and it is gone; None for an unknown, used or old one.

        Every state is compared, each in constant time: how long it takes says nothing about them.
        """
        given = state.encode("utf-8", "replace")
        with self._lock:
            self._sweep()
            found: Login | None = None
            for login in self._logins.get(visitor, []):
                if hmac.compare_digest(login.state.encode(), given):
                    found = login
            if found is not None:
                self._logins[visitor].remove(found)
            return found

    def knows(self, visitor: str) -> bool:
        """Whether that visitor has begun a login lately."""
        with self._lock:
            self._sweep()
            return visitor in self._logins

    def forget(self, visitor: str) -> None:
        """Drop whatever the visitor has under way."""
        with self._lock:
            self._logins.pop(visitor, None)

    def _sweep(self) -> None:
        oldest_s = self._now_s() - LOGIN_LIVES_S
        for visitor in list(self._logins):
            fresh = [login for login in self._logins[visitor] if login.began_at_s > oldest_s]
            if fresh:
                self._logins[visitor] = fresh
            else:  # used up or too old
                del self._logins[visitor]
