"""Songs and goals on the plane."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.affect import EMOTION_POINTS
from emrs_core.errors import UsageError
from emrs_core.music.goals import Goal, plan
from emrs_core.music.links import embed_url, track_url
from emrs_core.music.plane import NAMED_TARGETS, parse_target, plane_coordinates, track_point
from emrs_core.testing.catalogues import grid_tracks, make_track
from emrs_core.types import AffectPoint, Emotion

coordinates = st.floats(-1.0, 1.0)
points = st.builds(AffectPoint, coordinates, coordinates)


def test_spotifys_scale_is_stretched_over_the_plane() -> None:
    assert track_point(make_track(valence=0.0, energy=1.0)) == AffectPoint(-1.0, 1.0)
    assert track_point(make_track(valence=0.5, energy=0.25)) == AffectPoint(0.0, -0.5)


def test_columns_agree_with_single_songs() -> None:
    tracks = grid_tracks(7)
    valence, energy = (np.array([getattr(t, name) for t in tracks], np.float32) for name in ("valence", "energy"))
    singles = [(track_point(t).valence, track_point(t).arousal) for t in tracks]
    assert np.allclose(plane_coordinates(valence, energy).T, singles, atol=1e-6)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("calm", NAMED_TARGETS["calm"]),
        (" Energy ", NAMED_TARGETS["energy"]),
        ("sad", EMOTION_POINTS[Emotion.SAD]),
        ("0.4,-0.5", AffectPoint(0.4, -0.5)),
        (" -1 , +.25 ", AffectPoint(-1.0, 0.25)),
    ],
)
def test_targets_have_names_or_coordinates(text: str, point: AffectPoint) -> None:
    assert parse_target(text) == point


@pytest.mark.parametrize("text", ["", "glad", "0.4", "0.4,0.5,0.6", "a,b", "1.5,0", "nan,nan"])
def test_other_targets_are_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_target(text)


@given(points, st.sampled_from(Goal), st.none() | points, st.none() | st.integers(1, 30))
def test_no_waypoint_lies_below_the_safe_valence(
    start: AffectPoint, goal: Goal, target: AffectPoint | None, n: int | None
) -> None:
    route = plan(start, goal, target, n)
    assert all(waypoint.valence >= -0.4 for waypoint in (*route.waypoints, route.target))
    assert n is None or len(route.waypoints) == n


@given(points, points)
def test_a_path_leads_from_the_mood_to_the_goal_in_small_steps(start: AffectPoint, end: AffectPoint) -> None:
    route = plan(start, Goal.GUIDE, end)
    assert len(route.waypoints) == min(8, max(3, math.ceil(start.distance_to(end) / 0.25) + 1))
    for reached, meant in ((route.waypoints[0], start), (route.waypoints[-1], end)):
        assert reached.arousal == pytest.approx(meant.arousal)
        assert reached.valence == pytest.approx(max(meant.valence, -0.4))
    left = [waypoint.distance_to(route.waypoints[-1]) for waypoint in route.waypoints]
    assert all(b <= a + 1e-9 for a, b in pairwise(left))


def test_the_path_is_a_smooth_step() -> None:
    arousal = [p.arousal for p in plan(AffectPoint(0.0, 0.0), Goal.GUIDE, AffectPoint(0.0, 1.0)).waypoints]
    assert arousal == pytest.approx([0.0, 0.15625, 0.5, 0.84375, 1.0])


def test_a_path_of_one_song_begins_where_the_person_is() -> None:
    assert plan(AffectPoint(0.1, 0.2), Goal.GUIDE, None, 1).waypoints == (AffectPoint(0.1, 0.2),)


def test_contrast_goes_to_the_other_side() -> None:
    assert plan(AffectPoint(-0.6, 0.5), Goal.CONTRAST).target == AffectPoint(0.6, -0.5)
    assert plan(AffectPoint(0.05, 0.0), Goal.CONTRAST).target == NAMED_TARGETS["energy"]
    assert plan(AffectPoint(-0.6, 0.5), Goal.CONTRAST, AffectPoint(0.0, 0.1)).target == AffectPoint(0.0, 0.1)


@pytest.mark.parametrize("n", [0, -1, 1001])
def test_lengths_that_cannot_be_are_refused(n: int) -> None:
    with pytest.raises(UsageError, match=f"got {n}"):
        plan(AffectPoint(0.0, 0.0), Goal.STAY, None, n)


def test_links_lead_to_the_song() -> None:
    song = "0VjIjW4GlUZAMYd2vXMi3b"
    assert track_url(song) == f"https://open.spotify.com/track/{song}"
    assert embed_url(song) == f"https://open.spotify.com/embed/track/{song}"


@pytest.mark.parametrize(
    "bad", ["", "0VjIjW4GlUZAMYd2vXMi3", "0VjIjW4GlUZAMYd2vXMi3b\n", "../../../../../../evilx", "é" * 22]
)
def test_nothing_foreign_gets_into_a_link(bad: str) -> None:
    for make in (track_url, embed_url):
        with pytest.raises(UsageError, match="22 letters and digits"):
            make(bad)
