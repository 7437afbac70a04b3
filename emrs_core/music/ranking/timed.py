"""A list that is to last some minutes: its waypoints follow from how long the songs turn out to be."""

from __future__ import annotations

from collections.abc import Iterator

from emrs_core.music.goals import LONGEST_LIST, Goal, Plan
from emrs_core.types import AffectPoint


class TimedWaypoints:
    """Waypoints of a plan in minutes. Tell it of each song; it ends where one more would miss the length by more.

    A path is not left before its end: it may last one song longer.
    """

    def __init__(self, route: Plan, song_minutes: float) -> None:
        """``song_minutes``: what a song lasts on average."""
        self._route = route
        self._song_minutes = song_minutes
        self._minutes_left = route.minutes or 0.0

    def heard(self, minutes: float | None) -> None:
        """The song for the last waypoint lasts that long; None where nobody knows."""
        self._minutes_left -= minutes or self._song_minutes

    def __iter__(self) -> Iterator[AffectPoint]:
        t = 0.0
        yield self._route.at(t)
        for _ in range(LONGEST_LIST - 1):
            more = round(self._minutes_left / self._song_minutes)
            on_the_way = self._route.goal is Goal.GUIDE and 0.0 < t < 1.0
            if more < 1 and not on_the_way:
                return
            t = t + (1.0 - t) / more if more > 1 else 1.0
            yield self._route.at(t)
