"""Where each song of a list should lie: the three goals as waypoints on the plane."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from emrs_core.errors import UsageError
from emrs_core.music.plane import NAMED_TARGETS, safe_target
from emrs_core.types import AffectPoint

DEFAULT_LENGTH = 20
LONGEST_LIST = 1000
LONGEST_MINUTES = 600.0
"""Ten hours: a working day of music."""
SONG_MINUTES = 3.9
"""Mean length of the built-in songs, for planning before any song is chosen."""
STEP = 0.25
"""Plane units between two songs of a path, about the error of an emotion's point."""
PATH_LENGTHS = (3, 8)
MIDDLE = 0.2
"""A mood this near the middle has no opposite: 0.2 is the error of an emotion's point."""


class Goal(StrEnum):
    """What the music is meant to do with the mood."""

    STAY = "stay"
    GUIDE = "guide"
    CONTRAST = "contrast"


@dataclass(frozen=True, slots=True)
class Plan:
    """``waypoints[i]`` is the place that song i is chosen for; ``target`` is where the list as a whole aims.

    With ``minutes`` the list is as long as that, and the number of waypoints only what is to be expected.
    """

    goal: Goal
    start: AffectPoint
    target: AffectPoint
    waypoints: tuple[AffectPoint, ...]
    minutes: float | None = None

    def at(self, t: float) -> AffectPoint:
        """The place on the way after the share ``t`` in [0, 1] of it, as safe as the waypoints are."""
        return safe_target(along(self.start, self.target, t)) if self.goal is Goal.GUIDE else self.target


def plan(
    start: AffectPoint,
    goal: Goal,
    goal_target: AffectPoint | None = None,
    n: int | None = None,
    minutes: float | None = None,
) -> Plan:
    """The waypoints of n songs, or of as many as fill ``minutes`` (neither: 20, or for ``guide`` the path's own).

    ``stay`` keeps to the mood. ``guide`` leads from it to ``goal_target`` (by default calm) along a smooth path.
    ``contrast`` goes to the opposite mood, or to ``goal_target``. No waypoint lies below the safe valence.
    Raises UsageError as ``check_length`` does.
    """
    check_length(n, minutes)
    count = n if minutes is None else min(LONGEST_LIST, max(1, round(minutes / SONG_MINUTES)))
    if goal is Goal.GUIDE:
        return _path(start, goal_target or NAMED_TARGETS["calm"], count, minutes)
    aim = start if goal is Goal.STAY else goal_target or _opposite(start)
    target = safe_target(aim)
    return Plan(goal, start, target, (target,) * (count or DEFAULT_LENGTH), minutes)


def check_length(songs: int | None, minutes: float | None) -> None:
    """Raises UsageError for a list below 1 song or over 1000, below a minute or over ten hours, or for both lengths."""
    if songs is not None and minutes is not None:
        raise UsageError(f"A list is as long as a number of songs or of minutes; got both, {songs} and {minutes:g}.")
    if songs is not None and not 1 <= songs <= LONGEST_LIST:
        raise UsageError(f"A list has 1 to {LONGEST_LIST} songs, got {songs}.")
    if minutes is not None and not 1.0 <= minutes <= LONGEST_MINUTES:  # NaN fails too
        raise UsageError(f"A list lasts 1 to {LONGEST_MINUTES:g} minutes, got {minutes:g}.")


def path_length(distance: float) -> int:
    """Songs of a path over that distance on the plane: clip(ceil(distance / 0.25) + 1, 3, 8)."""
    shortest, longest = PATH_LENGTHS
    return min(longest, max(shortest, math.ceil(distance / STEP) + 1))


def along(start: AffectPoint, end: AffectPoint, t: float, since: float = 0.0) -> AffectPoint:
    """The place at time ``t`` of a smooth path to ``end`` (t = 1) that was at ``start`` at time ``since`` (< 1).

    w = s + u (g - s) with u from 0 at ``since`` to 1, following 3t^2 - 2t^3: slow at both ends.
    Source: Starcke, Mayr & von Georgi (2021), Emotion modulation through music after sadness induction: the iso
    principle; evidence is thin, so it is offered, not promised.
    """
    behind = ease(since)
    return between(start, end, (ease(t) - behind) / (1.0 - behind))


def ease(t: float) -> float:
    """The smooth step 3t^2 - 2t^3 of a time in [0, 1]."""
    return t * t * (3.0 - 2.0 * t)


def _path(start: AffectPoint, end: AffectPoint, n: int | None, minutes: float | None) -> Plan:
    """The iso principle: begin where the person is, end where they want to be, in small steps."""
    target = safe_target(end)
    length = n or path_length(start.distance_to(end))
    waypoints = tuple(safe_target(along(start, target, t)) for t in times(length))
    return Plan(Goal.GUIDE, start, target, waypoints, minutes)


def times(length: int) -> tuple[float, ...]:
    """When each of that many songs comes on a path: evenly from 0 to 1."""
    return tuple(i / (length - 1) for i in range(length)) if length > 1 else (0.0,)


def between(start: AffectPoint, end: AffectPoint, share: float) -> AffectPoint:
    """The point that lies the share in [0, 1] of the way from one to the other."""
    valence, arousal = (
        min(1.0, max(-1.0, (1.0 - share) * a + share * b))  # rounding can lead out of the plane by a hair
        for a, b in ((start.valence, end.valence), (start.arousal, end.arousal))
    )
    return AffectPoint(valence, arousal)


def _opposite(start: AffectPoint) -> AffectPoint:
    if math.hypot(start.valence, start.arousal) < MIDDLE:
        return NAMED_TARGETS["energy"]
    return AffectPoint(-start.valence, -start.arousal)
