"""The people of the stand-in: who they are, what they like, and their player."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Device:
    """A Spotify Connect device."""

    id: str
    name: str
    kind: str
    is_active: bool = False
    volume_percent: int = 60


@dataclass(slots=True)
class Player:
    """What one person hears. ``queue`` was queued by hand; ``ahead`` and ``behind`` belong to the list being played."""

    devices: list[Device] = field(default_factory=list)
    current: str | None = None
    is_playing: bool = False
    progress_ms: int = 0
    queue: list[str] = field(default_factory=list)
    ahead: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    seen_s: float = 0.0  # when ``run_on`` was last told the time

    def run_on(self, now_s: float, length_ms: Callable[[str], int]) -> None:
        """Let the music run up to now: through the song, and on to the next ones."""
        passed_ms, self.seen_s = round((now_s - self.seen_s) * 1000), now_s
        while self.is_playing and self.current is not None and passed_ms > 0:
            left_ms = length_ms(self.current) - self.progress_ms
            if passed_ms < left_ms:
                self.progress_ms += passed_ms
                return
            passed_ms -= max(0, left_ms)
            self.next()

    def active(self) -> Device | None:
        return next((device for device in self.devices if device.is_active), None)

    def activate(self, device: Device) -> None:
        for other in self.devices:
            other.is_active = other is device

    def play(self, ids: Sequence[str], position_ms: int = 0) -> None:
        """A new list from its beginning; what was queued by hand stays."""
        self.current, self.ahead, self.behind = ids[0], list(ids[1:]), []
        self.is_playing, self.progress_ms = True, position_ms

    def next(self) -> None:
        """The queue first, then the list; after its last song nothing plays."""
        if self.current is not None:
            self.behind.append(self.current)
        source = self.queue or self.ahead
        self.current = source.pop(0) if source else None
        self.is_playing, self.progress_ms = self.current is not None, 0

    def previous(self) -> None:
        self.progress_ms = 0
        if self.behind:
            if self.current is not None:
                self.ahead.insert(0, self.current)
            self.current = self.behind.pop()
            self.is_playing = True


@dataclass(slots=True)
class Person:
    """Somebody with a Spotify account. ``saved`` and ``top`` are track ids, newest or dearest first."""

    id: str
    name: str
    premium: bool
    allow_listed: bool = True
    saved: list[str] = field(default_factory=list)
    top: list[str] = field(default_factory=list)
    played: list[str] = field(default_factory=list)
    player: Player = field(default_factory=Player)

    @property
    def account_id(self) -> str:
        """Stable and pseudonymous, as Spotify's own ``account_id`` is."""
        return f"account-of-{self.id}"

    def describe(self) -> str:
        """For the consent page."""
        kind = "Premium" if self.premium else "Free"
        return kind if self.allow_listed else f"{kind}, not on the app's list of users"


def default_people(song_ids: Sequence[str]) -> list[Person]:
    """Ada has Premium and two devices; Ben listens for free; Cleo is not on the app's list of users.

    The last two songs are in no catalogue (``songs.LOOSE_SONGS``): Ada saved them, and they find no match.
    """
    shelf = list(song_ids)
    ada = Person("ada", "Ada", premium=True, saved=[*shelf[0:12], *shelf[-2:]], top=shelf[6:16], played=shelf[2:5])
    ada.player.devices = [
        Device("device-ada-laptop", "Ada's laptop", "Computer", is_active=True),
        Device("device-ada-kitchen", "Kitchen speaker", "Speaker"),
    ]
    ben = Person("ben", "Ben", premium=False, saved=shelf[20:23], top=shelf[30:34])
    ben.player.devices = [Device("device-ben-phone", "Ben's phone", "Smartphone", is_active=True)]
    cleo = Person("cleo", "Cleo", premium=True, allow_listed=False)
    return [ada, ben, cleo]
