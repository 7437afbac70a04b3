"""Where the camera last saw the listener, for as long as that says something about now."""

from __future__ import annotations

from emrs_core.types import AffectPoint

SEEN_S = 15.0
"""A mood seen longer ago is not that after the song: the slow mood itself looks back a quarter of a minute."""


class LastSeen:
    """Not thread-safe; the visit guards it."""

    def __init__(self) -> None:
        self._seen: tuple[AffectPoint, float] | None = None  # where, and when

    def see(self, mood: AffectPoint | None, now_s: float) -> None:
        """Seen there; None when nobody can tell."""
        self._seen = None if mood is None else (mood, now_s)

    def at(self, now_s: float) -> AffectPoint | None:
        """Where the listener is; None once the camera has been off for a while."""
        return self._seen[0] if self._seen is not None and now_s - self._seen[1] <= SEEN_S else None
