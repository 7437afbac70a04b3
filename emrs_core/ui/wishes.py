"""How a wish changes when the person moves one part of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from emrs_core.music.goals import Goal, plan
from emrs_core.music.plane import NAMED_TARGETS
from emrs_core.music.wish import DEFAULT_SONGS, Wish
from emrs_core.types import AffectPoint
from emrs_core.ui.words import AIMS

OPPOSITE: Final = "opposite"
OWN: Final = "own"
"""Beside the named targets: the other side of the mood, and any other point."""


@dataclass(frozen=True, slots=True)
class Length:
    """How long a list is: songs, or minutes, or neither (as many as a path needs)."""

    songs: int | None = None
    minutes: float | None = None

    @property
    def words(self) -> str:
        if self.songs is not None:
            return f"{self.songs} songs"
        return "As the way needs" if self.minutes is None else f"{self.minutes:g} minutes"


LENGTHS: Final = (*(Length(songs=n) for n in (5, 8, 12, 16, 20)), *(Length(minutes=m) for m in (15.0, 30.0, 60.0)))


def lengths_for(wish: Wish) -> tuple[Length, ...]:
    """The lengths to choose from; the wish's own is among them."""
    offered = ((Length(),) if wish.goal is Goal.GUIDE else ()) + LENGTHS
    now = length_of(wish)
    return offered if now in offered else (*offered, now)


def length_of(wish: Wish) -> Length:
    return Length(wish.songs, wish.minutes)


def with_length(wish: Wish, length: Length) -> Wish:
    return replace(wish, songs=length.songs, minutes=length.minutes)


def with_goal(wish: Wish, goal: Goal) -> Wish:
    """Another goal. A path is as long as it needs to be, other lists as long as usual, unless minutes were named."""
    songs = wish.songs
    if wish.minutes is None and goal is not wish.goal and Goal.GUIDE in (goal, wish.goal):
        songs = None if goal is Goal.GUIDE else DEFAULT_SONGS
    return replace(wish, goal=goal, target=None if goal is Goal.STAY else wish.target, songs=songs)


def with_target(wish: Wish, point: AffectPoint) -> Wish:
    """Another place to go to; whoever names one while the music stays wants to be guided there."""
    goal = Goal.GUIDE if wish.goal is Goal.STAY else wish.goal
    return replace(with_goal(wish, goal), target=point)


def aims_for(wish: Wish) -> tuple[str, ...]:
    """The names of the aims to choose from."""
    return ((OPPOSITE,) if wish.goal is Goal.CONTRAST else ()) + (*AIMS, OWN)


def aim_name(wish: Wish) -> str:
    """Which of them the wish has now."""
    if wish.target is None:
        return OPPOSITE if wish.goal is Goal.CONTRAST else "calm"
    return next((name for name in AIMS if NAMED_TARGETS[name] == wish.target), OWN)


def with_aim(wish: Wish, name: str, mood: AffectPoint | None) -> Wish:
    """Another aim by name. ``own`` begins half-way between mood and aim, to be dragged from there."""
    if name == OPPOSITE:
        return replace(wish, target=None)
    if name != OWN:
        return replace(wish, target=NAMED_TARGETS[name])
    if aim_name(wish) == OWN:
        return wish
    here, there = mood or AffectPoint(0.0, 0.0), target_of(wish, mood) or AffectPoint(0.5, 0.5)
    half = AffectPoint((here.valence + there.valence) / 2, (here.arousal + there.arousal) / 2)
    return replace(wish, target=half)


def target_of(wish: Wish, mood: AffectPoint | None) -> AffectPoint | None:
    """Where the music leads from that mood; None while it stays with it, or while that depends on an unknown mood."""
    if wish.goal is Goal.STAY:
        return None
    if wish.target is not None:
        return wish.target
    if mood is None:
        return NAMED_TARGETS["calm"] if wish.goal is Goal.GUIDE else None
    return plan(mood, wish.goal).target
