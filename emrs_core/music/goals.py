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
    """``waypoints[i]`` is the place that song i is chosen for; ``target`` is where the list as a whole aims."""

    goal: Goal
    start: AffectPoint
    target: AffectPoint
    waypoints: tuple[AffectPoint, ...]


def plan(start: AffectPoint, goal: Goal, goal_target: AffectPoint | None = None, n: int | None = None) -> Plan:
    """The waypoints of n songs (None: the goal's own length: 20, or for ``guide`` the path's).

    ``stay`` keeps to the mood. ``guide`` leads from it to ``goal_target`` (by default calm) along a smooth path.
    ``contrast`` goes to the opposite mood, or to ``goal_target``. No waypoint lies below the safe valence.
    Raises UsageError for a length below 1 or over 1000.
    """
    if n is not None and not 1 <= n <= LONGEST_LIST:
        raise UsageError(f"A list has 1 to {LONGEST_LIST} songs, got {n}.")
    if goal is Goal.GUIDE:
        return _path(start, goal_target or NAMED_TARGETS["calm"], n)
    aim = start if goal is Goal.STAY else goal_target or _opposite(start)
    target = safe_target(aim)
    return Plan(goal, start, target, (target,) * (n or DEFAULT_LENGTH))


def _path(start: AffectPoint, end: AffectPoint, n: int | None) -> Plan:
    """The iso principle: begin where the person is, end where they want to be, in small steps.

    N = clip(ceil(|g - s| / 0.25) + 1, 3, 8) songs at w = s + (3t^2 - 2t^3)(g - s), t = i / (N - 1): slow at both ends.
    Source: Starcke, Mayr & von Georgi (2021), Emotion modulation through music after sadness induction: the iso
    principle; evidence is thin, so it is offered, not promised.
    """
    shortest, longest = PATH_LENGTHS
    length = n or min(longest, max(shortest, math.ceil(start.distance_to(end) / STEP) + 1))
    times = [i / (length - 1) for i in range(length)] if length > 1 else [0.0]
    eased = [3 * t**2 - 2 * t**3 for t in times]
    waypoints = tuple(safe_target(_between(start, end, share)) for share in eased)
    return Plan(Goal.GUIDE, start, safe_target(end), waypoints)


def _between(start: AffectPoint, end: AffectPoint, share: float) -> AffectPoint:
    return AffectPoint(
        (1.0 - share) * start.valence + share * end.valence, (1.0 - share) * start.arousal + share * end.arousal
    )


def _opposite(start: AffectPoint) -> AffectPoint:
    if math.hypot(start.valence, start.arousal) < MIDDLE:
        return NAMED_TARGETS["energy"]
    return AffectPoint(-start.valence, -start.arousal)
