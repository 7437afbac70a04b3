"""The gentle offers of one visit: made after songs, waiting for an answer, with the music that paused for one."""

from __future__ import annotations

from emrs_core.music.safety import SafetyAdvice, SafetyWatch


class Advising:
    """Not thread-safe; the visit guards it."""

    def __init__(self) -> None:
        self.watch = SafetyWatch()
        self.offer: SafetyAdvice | None = None
        self._held_after: str | None = None  # the song after which the music paused

    def take(self, offer: SafetyAdvice | None) -> None:
        """What the watch said after a song; an offer that waits stays until another comes."""
        self.offer = offer or self.offer

    def holds(self, ended_id: str) -> bool:
        """Whether the music pauses after that song until the offer is answered."""
        if self.offer is None or not self.offer.pause:
            return False
        self._held_after = ended_id
        return True

    def release(self) -> None:
        """The person put something on, or stopped, themselves: nothing goes on by itself when they answer."""
        self._held_after = None

    def answered(self) -> tuple[SafetyAdvice | None, str | None]:
        """The offer, which is gone now, and the song after which the music goes on."""
        offer, held_after = self.offer, self._held_after
        self.offer = self._held_after = None
        return offer, held_after
