"""One visitor's connected account: who it is, what it may be used for, and everything derived from it."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterable

from emrs_core.music.spotify.access import VisitorAccess
from emrs_core.music.spotify.client import SpotifyService
from emrs_core.music.spotify.familiar import FamiliarSongs, match
from emrs_core.music.spotify.playing import PlayingFollower
from emrs_core.music.spotify.resolve import Playable, Resolver
from emrs_core.music.spotify.scopes import Step, covers
from emrs_core.protocols import Catalogue
from emrs_core.segments import SongSegment
from emrs_core.streaming import NowPlaying, ServiceAccount
from emrs_core.types import Track

UNNAMED = ServiceAccount("", "a Spotify listener")
"""Shown while Spotify has not said yet whose account it is."""
SAVED_ASKED = 200
"""Saved songs that take part: four questions to Spotify, and more than a list can use."""


class SpotifyConnection:
    """Safe from any thread. What it holds of Spotify's answers is in memory and goes with ``close``."""

    def __init__(self, access: VisitorAccess, api_url: str, now_s: Callable[[], float]) -> None:
        self._access = access
        self._lock = threading.Lock()
        self._account: ServiceAccount | None = None
        self._familiar: FamiliarSongs | None = None
        self._closed = False
        self._service = SpotifyService(api_url, access, now_s)
        self._resolver = Resolver(self._service)
        self._followers: weakref.WeakKeyDictionary[object, PlayingFollower] = weakref.WeakKeyDictionary()

    @property
    def access(self) -> VisitorAccess:
        return self._access

    @property
    def service(self) -> SpotifyService:
        """The account in all roles of ``protocols.MusicService``."""
        return self._service

    @property
    def account(self) -> ServiceAccount:
        """Whose it is, as far as known; answers at once."""
        with self._lock:
            return self._account or UNNAMED

    @property
    def familiar(self) -> FamiliarSongs | None:
        """The listener's own songs that take part in ranking; None unless the listener wants it."""
        with self._lock:
            return self._familiar

    def ask_account(self) -> ServiceAccount:
        """Whose it is, from Spotify. Raises StreamingError."""
        account = self._service.account()
        with self._lock:
            self._account = account
        return account

    def allows(self, step: Step) -> bool:
        """Whether the consent given so far covers that step."""
        grant = self._access.grant()
        return grant is not None and covers(grant.scopes, step)

    def playable(self, tracks: Iterable[Track]) -> Playable:
        """Spotify's ids of these songs, and those it does not have. Searches for songs of an imported table once.

        Raises StreamingError.
        """
        return self._resolver.playable(tracks)

    def look(self, visit: object, now_s: float) -> NowPlaying | None:
        """What the listener's device plays, asked of Spotify and noted for the ``segments`` of that visit.

        ``now_s`` is the visit's time. Two tabs share the connection and not the clock: each visit has looks of its own.
        """
        now = self._service.now_playing()
        with self._lock:
            if not self._closed:  # disconnected in the meantime: nothing may come back
                self._followers.setdefault(visit, PlayingFollower()).see(now, now_s)
        return now

    def segments(self, visit: object) -> tuple[SongSegment, ...]:
        """The songs that were on at the device while that visit looked; in memory, gone with it or the connection."""
        with self._lock:
            follower = self._followers.get(visit)
        return follower.segments() if follower is not None else ()

    def take_part(self, catalogue: Catalogue) -> FamiliarSongs:
        """Let saved and top songs take part, until ``leave_out``. Asks Spotify several times; raises StreamingError."""
        songs = match(self._service.saved(SAVED_ASKED), self._service.top(), catalogue)
        with self._lock:
            if not self._closed:  # disconnected in the meantime: nothing may come back
                self._familiar = songs
        return songs

    def leave_out(self) -> None:
        """Forget the listener's own songs."""
        with self._lock:
            self._familiar = None

    def alive(self) -> bool:
        """Whether there is still a grant behind it. Raises StorageError."""
        return self._access.grant() is not None

    def close(self) -> None:
        """Erase the grant and everything derived. Safe to call twice. Raises StorageError."""
        with self._lock:
            self._closed = True
            self._account = self._familiar = None
            self._followers.clear()
        self._resolver.forget()
        self._service.forget()
        self._access.close()

    def belongs_to(self, account: ServiceAccount | None) -> bool:
        """Whether it is known to be that account's."""
        with self._lock:
            return account is not None and self._account is not None and self._account.id == account.id
