"""The way laid anew after each song."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from emrs_core.music.goals import Goal, Plan, plan
from emrs_core.music.journey import Journey
from emrs_core.types import AffectPoint

coordinates = st.floats(-1.0, 1.0)
points = st.builds(AffectPoint, coordinates, coordinates)
START, CALM = AffectPoint(-0.4, 0.6), AffectPoint(0.4, -0.5)


def close(one: AffectPoint, other: AffectPoint) -> bool:
    return one.distance_to(other) < 1e-9


def begun(route: Plan, own_length: bool = False) -> Journey:
    return Journey.begin(route, len(route.waypoints), own_length)


@given(points, points, st.none() | st.integers(1, 20), st.sampled_from(Goal))
def test_it_begins_with_the_plan(start: AffectPoint, target: AffectPoint, n: int | None, goal: Goal) -> None:
    route = plan(start, goal, target, n)
    journey = begun(route)
    assert len(journey.route.waypoints) == len(route.waypoints)
    assert all(map(close, journey.route.waypoints, route.waypoints))


@given(points, points, st.integers(2, 12), st.booleans())
def test_a_mood_on_the_path_or_unseen_changes_nothing(
    start: AffectPoint, target: AffectPoint, n: int, seen: bool
) -> None:
    route = plan(AffectPoint(max(-0.4, start.valence), start.arousal), Goal.GUIDE, target, n)
    assume(start.distance_to(route.target) > 0.7)  # else the mood has arrived before the path has
    journey = begun(route)
    for heard, waypoint in enumerate(route.waypoints, start=1):
        journey = journey.after_song(waypoint if seen else None)
        if journey.arrived:
            return
        assert len(journey.route.waypoints) == n - heard
        assert all(
            a.distance_to(b) < 1e-6 for a, b in zip(journey.route.waypoints, route.waypoints[heard:], strict=True)
        )


def test_the_path_moves_half_way_to_the_mood_and_leads_on_to_the_target() -> None:
    route = plan(START, Goal.GUIDE, CALM, 5)
    mood = AffectPoint(0.0, 0.9)
    journey = begun(route).after_song(mood)
    assert journey.place == AffectPoint(-0.2, 0.75)
    assert journey.mood == journey.route.start == mood
    left = journey.route.waypoints
    assert len(left) == 4
    assert close(left[-1], CALM)
    # the same share of the rest of the way as before: e(1/4) = 5/32 of it
    assert close(left[0], AffectPoint(-0.2 + 5 / 32 * 0.6, 0.75 - 5 / 32 * 1.25))


@given(points, points, st.lists(points, min_size=1, max_size=12))
def test_every_path_ends_at_its_target_within_the_longest_path(
    start: AffectPoint, target: AffectPoint, moods: list[AffectPoint]
) -> None:
    journey = begun(plan(start, Goal.GUIDE, target), own_length=True)
    for mood in moods:
        journey = journey.after_song(mood)
        waypoints = journey.route.waypoints
        assert len(waypoints) + journey.heard <= 8 or journey.heard > 8
        assert all(waypoint.valence >= -0.4 for waypoint in waypoints)
        assert not waypoints or close(waypoints[-1], journey.target)


def test_a_path_of_its_own_length_grows_when_the_mood_lags() -> None:
    route = plan(AffectPoint(0.0, 0.0), Goal.GUIDE, AffectPoint(0.8, 0.0))
    assert len(route.waypoints) == 5
    own, asked = begun(route, own_length=True), begun(route)
    for _ in range(3):
        own, asked = own.after_song(AffectPoint(-0.9, 0.0)), asked.after_song(AffectPoint(-0.9, 0.0))
    assert len(asked.left) == 2
    assert len(own.left) == 5  # all that the longest path of eight allows


def test_two_songs_in_a_row_at_the_target_are_the_end() -> None:
    there, away = AffectPoint(0.35, -0.4), AffectPoint(0.0, 0.0)
    assert there.distance_to(CALM) < 0.2
    journey = begun(plan(START, Goal.GUIDE, CALM))
    for mood in (there, away, there):
        journey = journey.after_song(mood)
        assert not journey.arrived
    journey = journey.after_song(there)
    assert journey.arrived
    assert journey.route.waypoints == ()


def test_staying_follows_the_mood_half_way_but_never_too_low() -> None:
    journey = begun(plan(AffectPoint(0.2, 0.2), Goal.STAY, None, 6))
    journey = journey.after_song(AffectPoint(0.0, 0.6))
    assert close(journey.target, AffectPoint(0.1, 0.4))
    assert journey.route.waypoints == (journey.target,) * 5
    for _ in range(3):
        journey = journey.after_song(AffectPoint(-1.0, 0.0))
    assert journey.target.valence == -0.4


def test_contrast_keeps_its_target() -> None:
    journey = begun(plan(AffectPoint(-0.6, 0.5), Goal.CONTRAST, None, 4))
    assert journey.after_song(AffectPoint(0.5, 0.5)).target == AffectPoint(0.6, -0.5)


@pytest.mark.parametrize("goal", Goal)
def test_a_list_that_is_over_stays_so(goal: Goal) -> None:
    journey = begun(plan(START, goal, CALM, 1))
    for _ in range(3):
        journey = journey.after_song(START)
        assert journey.left == journey.route.waypoints == ()
    assert math.isfinite(journey.place.valence)
