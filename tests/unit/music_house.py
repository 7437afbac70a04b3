"""A visit's music with everything around it in memory."""

from __future__ import annotations

from emrs_core.listening import PlayerReport, PlayerState
from emrs_core.music.taste.feedback import FeedbackKind
from emrs_core.music.taste.profile import ListenerProfile
from emrs_core.music.taste.store import MemoryProfileStore
from emrs_core.music.visit import MusicVisit
from emrs_core.music.wish import Wish
from emrs_core.music.wish_store import MemoryWishStore
from emrs_core.protocols import Catalogue
from emrs_core.testing.catalogues import FakeCatalogue
from emrs_core.testing.clock import FakeClock
from emrs_core.types import AffectPoint


class House:
    """A visit with everything around it in memory."""

    def __init__(self, wish: Wish | None = None, catalogue: Catalogue | None = None) -> None:
        self.clock, self.store, self.wishes = FakeClock(), MemoryProfileStore(), MemoryWishStore()
        if wish is not None:
            self.wishes.put(wish)
        catalogue = catalogue or FakeCatalogue()
        self.profile = ListenerProfile(self.store, catalogue)
        self.music = MusicVisit(catalogue, self.clock, 0, self.profile, self.wishes)

    def ids(self) -> list[str]:
        songs = self.music.songs()
        assert songs is not None
        return [item.track.id for item in songs.items]

    def on(self) -> str | None:
        playing = self.music.playing()
        return playing.track.id if playing else None

    def says(self, state: PlayerState, position_s: float, duration_s: float = 200.0) -> bool:
        playing = self.music.playing()
        assert playing is not None
        self.clock.advance(position_s)
        return self.music.player_said(PlayerReport(playing.turn, state, position_s, duration_s))

    def hears_out(self, seen: AffectPoint | None = None) -> None:
        """The song runs to its end; then the listener is seen there."""
        playing = self.music.playing()
        assert playing is not None
        self.clock.advance(200.0)
        if seen is not None:
            self.music.see(seen)
        assert self.music.player_said(PlayerReport(playing.turn, PlayerState.ENDED, 200.0, 200.0))

    def learned(self) -> list[tuple[FeedbackKind, str]]:
        return [(opinion.kind, opinion.track_id) for opinion in self.profile.feedback()]
