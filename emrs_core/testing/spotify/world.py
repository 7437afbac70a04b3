"""All that the stand-in holds, and the account it can give of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import RLock
from typing import Any

from emrs_core.clock import MonotonicClock
from emrs_core.protocols import Clock
from emrs_core.testing.spotify.faults import Faults
from emrs_core.testing.spotify.grants import ACCESS_LIFE_S, Grants
from emrs_core.testing.spotify.people import Person, default_people
from emrs_core.testing.spotify.songs import LOOSE_SONGS, SongShelf
from emrs_core.types import Track


@dataclass(slots=True)
class Playlist:
    """One playlist; ``items`` are track ids in order, ``version`` counts its changes."""

    id: str
    owner: str
    name: str
    description: str | None
    public: bool
    items: list[str] = field(default_factory=list)
    version: int = 1

    @property
    def snapshot_id(self) -> str:
        return f"snapshot-{self.id}-{self.version}"


class World:
    """Everything behind one lock: hold ``lock`` while you read or change anything here."""

    def __init__(
        self,
        tracks: Iterable[Track],
        *,
        clock: Clock | None = None,
        people: Iterable[Person] | None = None,
        access_life_s: float = ACCESS_LIFE_S,
    ) -> None:
        self.lock = RLock()
        self.songs = SongShelf([*tracks, *LOOSE_SONGS])
        everybody = default_people(self.songs.ids()) if people is None else people
        self.people = {person.id: person for person in everybody}
        self._clock = clock or MonotonicClock()
        self.grants = Grants(self._clock, access_life_s)
        self.faults = Faults()
        self.playlists: dict[str, Playlist] = {}
        self.calls: list[dict[str, Any]] = []
        self.refused: list[dict[str, Any]] = []
        self.own_errors: list[dict[str, Any]] = []
        self.secrets: set[str] = set()
        """Every token, code, state and verifier that came by, for tests that look where none may be."""
        self._made = 0

    def run_on(self) -> None:
        """Let everybody's music run up to now."""
        for person in self.people.values():
            person.player.run_on(self._clock.now_s(), self._length_ms)

    def _length_ms(self, track_id: str) -> int:
        track = self.songs.get(track_id)
        return track.duration_ms if track else 0

    def new_playlist(self, owner: Person, name: str, description: str | None, public: bool) -> Playlist:
        self._made += 1
        playlist = Playlist(f"stub{self._made:018d}", owner.id, name, description, public)
        self.playlists[playlist.id] = playlist
        return playlist

    def state(self) -> dict[str, Any]:
        """For ``GET /_stub/state``. Holds no token, code or verifier."""
        people = self.people.values()
        return {
            "users": [
                {"id": p.id, "name": p.name, "premium": p.premium, "allow_listed": p.allow_listed}
                | self.grants.facts(p.id)
                for p in people
            ],
            "playlists": [self._playlist(playlist) for playlist in self.playlists.values()],
            "likes": {p.id: [self._song(i) for i in p.saved] for p in people},
            "devices": {
                p.id: [{"id": d.id, "name": d.name, "is_active": d.is_active} for d in p.player.devices] for p in people
            },
            "playing": {p.id: self._playing(p) for p in people},
            "queue": {p.id: [self._song(i) for i in p.player.queue] for p in people},
            "faults": self.faults.describe(),
            "calls": list(self.calls),
            "refused": list(self.refused),
            "own_errors": list(self.own_errors),
        }

    def _song(self, track_id: str) -> dict[str, str]:
        track = self.songs.get(track_id)
        names = {"title": track.title, "artist": track.artist} if track else {}
        return {"uri": f"spotify:track:{track_id}", **names}

    def _playlist(self, playlist: Playlist) -> dict[str, Any]:
        return {
            "id": playlist.id,
            "owner": playlist.owner,
            "name": playlist.name,
            "description": playlist.description,
            "public": playlist.public,
            "items": [self._song(i) for i in playlist.items],
        }

    def _playing(self, person: Person) -> dict[str, Any] | None:
        player, device = person.player, person.player.active()
        if player.current is None:
            return None
        ahead = [self._song(i) for i in player.ahead]
        return self._song(player.current) | {
            "is_playing": player.is_playing, "device": device.name if device else None, "ahead": ahead
        }  # fmt: skip
