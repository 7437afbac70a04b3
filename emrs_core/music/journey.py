"""A list while it is being heard: after each song the way is laid anew from the mood then seen."""

from __future__ import annotations

from dataclasses import dataclass, replace

from emrs_core.music.goals import PATH_LENGTHS, STEP, Goal, Plan, along, between, times
from emrs_core.music.plane import safe_target
from emrs_core.types import AffectPoint

PULL = 0.5
"""How far a path moves to the mood that was seen: half-way, since a reading of a face errs by about as much as the
plan does."""
ARRIVED, ARRIVED_SONGS = 0.2, 2
"""A mood this near the target after so many songs in a row is there: 0.2 is the error of an emotion's point."""


@dataclass(frozen=True, slots=True)
class Journey:
    """Where a list stands. ``place`` is where its path was at the time ``since``; from there it leads to the target.

    Immutable: ``after_song`` gives the next one.
    """

    goal: Goal
    mood: AffectPoint  # as last seen
    target: AffectPoint
    place: AffectPoint
    since: float  # [0, 1)
    left: tuple[float, ...]  # when each song that is still to come is due, in [0, 1]
    heard: int = 0
    near: int = 0  # songs in a row after which the mood was at the target
    own_length: bool = False  # the path's own: it may grow, up to the longest path

    @classmethod
    def begin(cls, route: Plan, songs: int, own_length: bool = False) -> Journey:
        """At the first song of a list of that many (``route.waypoints``, or fewer where the songs ran out).

        ``own_length``: the person named no length, so that a path may take more steps when the mood lags behind it.
        """
        place = route.start if route.goal is Goal.GUIDE else route.target
        return cls(route.goal, route.start, route.target, place, 0.0, times(songs) if songs else (),
                   own_length=own_length and route.goal is Goal.GUIDE)  # fmt: skip

    @property
    def arrived(self) -> bool:
        """Whether a path has brought the person where they wanted to be; then no song is left."""
        return self.near >= ARRIVED_SONGS

    @property
    def route(self) -> Plan:
        """The plan of what is left; without waypoints at the end."""
        waypoints = tuple(safe_target(self._at(t)) for t in self.left)
        return Plan(self.goal, self.mood, self.target, waypoints)

    def after_song(self, mood: AffectPoint | None) -> Journey:
        """The next song of the list was heard, and ``mood`` seen after it; None where it was not: all stays as planned.

        ``guide``: the path moves half-way to the mood and leads on from there to the target; a mood within 0.2 of it
        after two songs in a row ends the path. ``stay``: the target moves half-way. ``contrast``: nothing moves.
        """
        on = replace(self, left=self.left[1:], heard=self.heard + 1)
        if mood is None or not self.left:
            return on
        on = replace(on, mood=mood)
        if self.goal is Goal.GUIDE:
            return on._led_from(self._at(self.left[0]), self.left[0])
        if self.goal is Goal.STAY:
            place = between(self.place, mood, PULL)
            return replace(on, place=place, target=safe_target(place))
        return on

    def _at(self, t: float) -> AffectPoint:
        if self.goal is not Goal.GUIDE or t <= self.since:
            return self.place
        return along(self.place, self.target, t, self.since)

    def _led_from(self, meant: AffectPoint, t: float) -> Journey:
        near = self.near + 1 if self.mood.distance_to(self.target) < ARRIVED else 0
        if near >= ARRIVED_SONGS or not self.left:
            return replace(self, near=near, left=())
        place = between(meant, self.mood, PULL)
        thrown_back = (place.distance_to(self.target) - meant.distance_to(self.target)) / STEP
        more = min(max(0, round(thrown_back)), PATH_LENGTHS[1] - self.heard - len(self.left)) if self.own_length else 0
        count = len(self.left) + max(0, more)
        left = tuple(t + (1.0 - t) * (i + 1) / count for i in range(count))
        return replace(self, near=near, place=place, since=t, left=left)
