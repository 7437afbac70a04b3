"""A connected account, as the pages see it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from emrs_core.music.spotify.familiar import FamiliarSongs
from emrs_core.music.spotify.resolve import Playable
from emrs_core.music.spotify.scopes import Step
from emrs_core.protocols import Catalogue, MusicService
from emrs_core.segments import SongSegment
from emrs_core.streaming import NowPlaying, ServiceAccount
from emrs_core.types import Track


class Connection(Protocol):
    """The part of ``music.spotify.connection.SpotifyConnection`` that pages use; tests give another."""

    @property
    def account(self) -> ServiceAccount: ...
    @property
    def service(self) -> MusicService: ...
    @property
    def familiar(self) -> FamiliarSongs | None: ...
    def allows(self, step: Step) -> bool: ...
    def take_part(self, catalogue: Catalogue) -> FamiliarSongs: ...
    def leave_out(self) -> None: ...
    def playable(self, tracks: Iterable[Track]) -> Playable: ...
    def look(self, visit: object, now_s: float) -> NowPlaying | None: ...
    def segments(self, visit: object) -> tuple[SongSegment, ...]: ...
