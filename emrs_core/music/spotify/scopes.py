"""What a listener is asked to allow, step by step: each step only when its first use comes up. Never e-mail."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from emrs_core.errors import UsageError


class Step(StrEnum):
    """What the listener wants to do; each has its scopes. LISTEN is the login itself and part of every other."""

    LISTEN = "listen"
    PLAYLIST = "playlist"
    LIKE = "like"
    PLAYER = "player"

    @classmethod
    def parse(cls, name: str) -> Step:
        """Raises UsageError naming the four."""
        try:
            return cls(name)
        except ValueError:
            raise UsageError(f"There is no Spotify step {name!r}. Use one of: {', '.join(cls)}.") from None


SCOPES: dict[Step, frozenset[str]] = {
    Step.LISTEN: frozenset({"user-top-read", "user-library-read"}),
    Step.PLAYLIST: frozenset({"playlist-modify-private"}),
    Step.LIKE: frozenset({"user-library-modify"}),
    Step.PLAYER: frozenset({"user-read-playback-state", "user-modify-playback-state"}),
}


def scopes_for(step: Step, granted: Iterable[str] = ()) -> frozenset[str]:
    """What to ask for: this step, the login's own, and what was granted before (Spotify gives a fresh token)."""
    return SCOPES[Step.LISTEN] | SCOPES[step] | frozenset(granted)


def covers(granted: Iterable[str], step: Step) -> bool:
    """Whether what was granted is enough for the step."""
    return SCOPES[step] <= frozenset(granted)
