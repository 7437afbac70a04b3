"""A connected account, as the pages see it."""

from __future__ import annotations

from typing import Protocol

from emrs_core.music.spotify.familiar import FamiliarSongs
from emrs_core.music.spotify.scopes import Step
from emrs_core.protocols import Catalogue, MusicService
from emrs_core.streaming import ServiceAccount


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
