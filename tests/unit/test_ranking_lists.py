"""What a list holds and how long it lasts, and what is left of it after some songs."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emrs_core.affect import EMOTION_POINTS
from emrs_core.music.catalogue import CsvCatalogue
from emrs_core.music.filters import Filters, NoSongsLeft
from emrs_core.music.goals import Goal, plan
from emrs_core.music.journey import Journey
from emrs_core.music.plane import NAMED_TARGETS
from emrs_core.music.recommend import recommend, recommend_along, replan
from emrs_core.testing.catalogues import FakeCatalogue, grid_tracks, make_track
from emrs_core.types import AffectPoint, Emotion, Recommendation

BUILTIN = CsvCatalogue.builtin()
MIDDLE = AffectPoint(0.0, 0.0)
coordinates = st.floats(-1.0, 1.0)
points = st.builds(AffectPoint, coordinates, coordinates)


def ids(items: Sequence[Recommendation]) -> list[str]:
    return [item.track.id for item in items]


@settings(max_examples=30)
@given(points, st.sampled_from(Goal), st.sets(st.sampled_from(["rock", "pop", "latin"]), min_size=1))
def test_no_song_gets_past_the_filters(start: AffectPoint, goal: Goal, genres: set[str]) -> None:
    filters = Filters(genres=frozenset(genres), decades=frozenset({1980, 2000}), tempo=(70.0, 160.0))
    items = recommend(BUILTIN, start, goal=goal, n=10, filters=filters)
    assert items
    for item in items:
        assert item.track.genre.casefold() in genres
        assert item.track.year // 10 * 10 in {1980, 2000}
        assert 70.0 <= item.track.tempo <= 160.0


def test_filters_that_leave_nothing_say_so() -> None:
    with pytest.raises(NoSongsLeft, match="Without the choice of genres there would be"):
        recommend(BUILTIN, MIDDLE, filters=Filters(genres=frozenset({"polka"})))


def test_a_filtered_catalogue_ranks_as_one_that_has_only_those_songs() -> None:
    catalogue = FakeCatalogue(BUILTIN.tracks())
    rock = [track for track in BUILTIN.tracks() if track.genre == "rock"]
    filtered = recommend(catalogue, MIDDLE, n=8, filters=Filters(genres=frozenset({"rock"})))
    alone = {item.track.id for item in recommend(FakeCatalogue(rock), MIDDLE, n=8)}
    assert len({item.track.id for item in filtered} & alone) >= 6  # sounds are compared on another scale there


@settings(max_examples=40)
@given(points, st.sampled_from(Goal), st.floats(1.0, 120.0), st.integers(0, 50))
def test_a_list_lasts_as_long_as_asked_within_a_song(start: AffectPoint, goal: Goal, minutes: float, seed: int) -> None:
    items = recommend(BUILTIN, start, goal=goal, minutes=minutes, seed=seed)
    lasts = [item.track.duration_ms / 60_000 for item in items]
    mean = statistics.fmean(track.duration_ms for track in BUILTIN.tracks()) / 60_000
    one_more = max(lasts) if goal is Goal.GUIDE else 0.0  # a path is not left before its end
    assert minutes - mean / 2 <= sum(lasts) <= max(minutes - mean / 2 + max(lasts) + one_more, lasts[0])
    assert len({item.track.id for item in items}) == len(items)


@pytest.mark.parametrize("minutes", [10.0, 25.0, 60.0])
def test_a_path_in_minutes_arrives(minutes: float) -> None:
    items = recommend(BUILTIN, EMOTION_POINTS[Emotion.ANGRY], goal=Goal.GUIDE, minutes=minutes)
    assert items[0].waypoint.distance_to(NAMED_TARGETS["calm"]) > 1.0
    assert items[-1].waypoint.distance_to(NAMED_TARGETS["calm"]) < 1e-6


def test_a_path_in_minutes_arrives_however_long_its_songs_are() -> None:
    lengths = (2, 2, 9, 9, 2, 9, 2, 2, 9)
    catalogue = FakeCatalogue(
        replace(track, duration_ms=60_000 * lengths[number % len(lengths)])
        for number, track in enumerate(grid_tracks(20))
    )
    for seed in range(20):
        items = recommend(catalogue, AffectPoint(-0.4, 0.8), goal=Goal.GUIDE, minutes=20.0, seed=seed)
        assert items[-1].waypoint.distance_to(NAMED_TARGETS["calm"]) < 1e-6


@pytest.mark.parametrize("goal", Goal)
@pytest.mark.parametrize("emotion", ["sad", "angry", "neutral"])
def test_what_goes_as_planned_is_not_changed(goal: Goal, emotion: str) -> None:
    start = EMOTION_POINTS[Emotion(emotion)]
    items = recommend(BUILTIN, start, goal=goal, n=8, seed=4)
    journey = Journey.begin(plan(start, goal, None, 8), len(items))
    for heard in range(1, 9):
        journey = journey.after_song(None)
        rest = replan(BUILTIN, journey, played=ids(items[:heard]), seed=4)
        assert ids(rest) == ids(items[heard:])


def test_a_mood_that_went_elsewhere_changes_the_way_but_not_its_end_or_its_rules() -> None:
    start = EMOTION_POINTS[Emotion.ANGRY]
    route = plan(start, Goal.GUIDE, None, 8)
    items = recommend(BUILTIN, start, goal=Goal.GUIDE, n=8)
    journey = Journey.begin(route, 8).after_song(None).after_song(AffectPoint(-0.9, -0.9))
    rest = replan(BUILTIN, journey, played=ids(items[:2]))
    assert len(rest) == 6
    assert not set(ids(rest)) & set(ids(items[:2]))
    assert ids(rest) != ids(items[2:])
    assert rest[-1].waypoint.distance_to(route.target) < 1e-9


def test_two_sad_songs_that_were_heard_count_for_the_next() -> None:
    sad = [make_track(i, valence=0.2, energy=0.3) for i in range(50)]
    bright = [make_track(100 + i, valence=0.6, energy=0.3) for i in range(50)]
    catalogue = FakeCatalogue([*sad, *bright])
    mood = AffectPoint(-0.6, -0.4)
    journey = Journey.begin(plan(mood, Goal.STAY, None, 5), 5).after_song(None).after_song(None)
    rest = replan(catalogue, journey, played=[sad[0].id, sad[1].id])
    assert rest[0].point.valence > -0.3


def test_after_the_last_song_nothing_is_left() -> None:
    journey = Journey.begin(plan(MIDDLE, Goal.STAY, None, 1), 1).after_song(None)
    assert replan(BUILTIN, journey, played=["x"]) == ()


def test_a_plan_in_minutes_reaches_the_ranking_as_it_is() -> None:
    route = plan(MIDDLE, Goal.STAY, minutes=30.0)
    assert recommend_along(BUILTIN, route) == recommend(BUILTIN, MIDDLE, minutes=30.0)
