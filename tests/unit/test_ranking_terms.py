"""What a list is made of: taste, fame, filters, length, a scale of its own, and never the order of the table."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from emrs_core.affect import EMOTION_POINTS
from emrs_core.errors import CatalogueError
from emrs_core.music.catalogue import CsvCatalogue
from emrs_core.music.features import CatalogueFeatures
from emrs_core.music.filters import Filters, NoSongsLeft
from emrs_core.music.goals import Goal, plan
from emrs_core.music.journey import Journey
from emrs_core.music.plane import NAMED_TARGETS
from emrs_core.music.preference import Preference
from emrs_core.music.recommend import recommend, recommend_along, replan
from emrs_core.music.scale import fit_scale
from emrs_core.testing.catalogues import FakeCatalogue, grid_tracks, make_track
from emrs_core.types import AffectPoint, Emotion, Recommendation

BUILTIN = CsvCatalogue.builtin()
MIDDLE = AffectPoint(0.0, 0.0)
coordinates = st.floats(-1.0, 1.0)
points = st.builds(AffectPoint, coordinates, coordinates)
few = st.sampled_from([0.1, 0.3, 0.5, 0.7])


class Likes:
    """Somebody who likes some songs and nothing else; or one of whom nothing is known."""

    def __init__(self, ids: Sequence[str] | None, reward: float = 1.0) -> None:
        self.ids, self.reward = ids, reward

    def rewards(
        self, features: CatalogueFeatures, start: AffectPoint, rng: np.random.Generator
    ) -> NDArray[np.float32] | None:
        if self.ids is None:
            return None
        rewards = np.zeros(len(features), np.float32)
        rewards[[features.row_of[song] for song in self.ids]] = self.reward
        return rewards


def ids(items: Sequence[Recommendation]) -> list[str]:
    return [item.track.id for item in items]


@st.composite
def shuffled(draw: st.DrawFn) -> tuple[FakeCatalogue, FakeCatalogue]:
    """A catalogue full of ties, and the same songs in another order."""
    facts = st.tuples(
        few, few, st.sampled_from("abcd"), st.sampled_from(["pop", "rock"]), st.sampled_from([1970, 1999])
    )
    songs = [
        make_track(number, valence=v, energy=e, artist=artist, genre=genre, year=year)
        for number, (v, e, artist, genre, year) in enumerate(draw(st.lists(facts, min_size=1, max_size=60)))
    ]
    return FakeCatalogue(songs), FakeCatalogue(draw(st.permutations(songs)))


@settings(max_examples=60)
@given(shuffled(), points, st.sampled_from(Goal), st.integers(1, 20), st.integers(0, 5))
def test_the_order_of_the_table_does_not_matter(
    pair: tuple[FakeCatalogue, FakeCatalogue], start: AffectPoint, goal: Goal, n: int, seed: int
) -> None:
    one, other = (recommend(catalogue, start, goal=goal, n=n, seed=seed) for catalogue in pair)
    assert ids(one) == ids(other)
    assert [item.reason for item in one] == [item.reason for item in other]


def test_the_order_does_not_matter_where_songs_tie_for_a_place_among_the_candidates() -> None:
    songs = [make_track(i, valence=0.7, energy=0.5) for i in range(1000)]
    lists = {
        tuple(ids(recommend(FakeCatalogue(order), MIDDLE, n=10)))
        for order in (songs, songs[::-1], songs[7:] + songs[:7])
    }
    assert len(lists) == 1


# -- taste -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("goal", Goal)
def test_without_knowledge_of_the_taste_the_list_is_the_plain_one(goal: Goal) -> None:
    plain = recommend(BUILTIN, MIDDLE, goal=goal, seed=3)
    assert recommend(BUILTIN, MIDDLE, goal=goal, seed=3, preference=Likes(None)) == plain
    assert ids(recommend(BUILTIN, MIDDLE, goal=goal, seed=3, preference=Likes([]))) == ids(plain)


def test_what_is_liked_comes_first_and_says_so() -> None:
    liked = ids(recommend(BUILTIN, MIDDLE, n=200))[100:104]
    items = recommend(BUILTIN, MIDDLE, n=8, preference=Likes(liked))
    assert set(ids(items[:4])) == set(liked)
    assert all(re.search("liked|your kind|enjoyed", item.reason, re.IGNORECASE) for item in items[:4])
    assert not [item.reason for item in items[4:] if re.search("liked|your kind|enjoyed", item.reason, re.IGNORECASE)]


def test_what_is_disliked_stays_away() -> None:
    plain = ids(recommend(BUILTIN, MIDDLE))
    assert not set(ids(recommend(BUILTIN, MIDDLE, preference=Likes(plain, -1.0)))) & set(plain)


def test_a_taste_counts_more_the_stronger_it_is() -> None:
    far = [track.id for track in BUILTIN.tracks() if track.valence > 0.95 and track.energy > 0.8][:5]
    places = [
        statistics.fmean(song in far for song in ids(recommend(BUILTIN, MIDDLE, n=10, preference=Likes(far, reward))))
        for reward in (0.1, 1.0, 3.0)
    ]
    assert places[0] <= places[1] <= places[2]
    assert places[0] < places[2]


def test_rewards_that_are_no_numbers_count_as_nothing() -> None:
    class Broken(Likes):
        def rewards(
            self, features: CatalogueFeatures, start: AffectPoint, rng: np.random.Generator
        ) -> NDArray[np.float32]:
            return np.full(len(features), np.nan, np.float32)

    broken: Preference = Broken([])
    assert ids(recommend(BUILTIN, MIDDLE, preference=broken)) == ids(recommend(BUILTIN, MIDDLE))


def test_rewards_for_other_songs_are_a_mistake() -> None:
    class Short(Likes):
        def rewards(
            self, features: CatalogueFeatures, start: AffectPoint, rng: np.random.Generator
        ) -> NDArray[np.float32]:
            return np.zeros(3, np.float32)

    with pytest.raises(ValueError, match="a reward for each of"):
        recommend(BUILTIN, MIDDLE, preference=Short([]))


# -- fame --------------------------------------------------------------------------------------------------------------


def known_and_unknown() -> FakeCatalogue:
    songs = [replace(track, popularity=(number % 10) / 9) for number, track in enumerate(grid_tracks(20))]
    return FakeCatalogue(songs)


def test_novelty_turns_from_the_known_to_the_new() -> None:
    fame = [
        statistics.fmean(
            item.track.popularity or 0.0
            for item in recommend(known_and_unknown(), MIDDLE, filters=Filters(novelty=novelty))
        )
        for novelty in (-1.0, 0.0, 1.0)
    ]
    assert fame[0] > fame[1] + 0.2
    assert fame[1] > fame[2] + 0.2


def test_where_fame_is_unknown_artists_heard_before_are_the_familiar_ones() -> None:
    catalogue = FakeCatalogue(make_track(i, valence=0.5 + i / 1000, artist=f"Artist {i % 20}") for i in range(100))
    heard = [track.id for track in catalogue.tracks() if track.artist in {"Artist 1", "Artist 2"}][:4]
    known, new = (
        {
            item.track.artist
            for item in recommend(catalogue, MIDDLE, n=6, history=heard, filters=Filters(novelty=novelty))
        }
        for novelty in (-1.0, 1.0)
    )
    assert known >= {"Artist 1", "Artist 2"}
    assert not new & {"Artist 1", "Artist 2"}


# -- filters and length ------------------------------------------------------------------------------------------------


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


# -- planned anew ------------------------------------------------------------------------------------------------------


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


# -- scale and gaps ----------------------------------------------------------------------------------------------------


def narrow(low: float, high: float) -> FakeCatalogue:
    """Songs of one kind: valence and energy (Spotify's) spread evenly between two values."""
    steps = np.linspace(low, high, 20)
    return FakeCatalogue(
        make_track(row * 20 + column, valence=float(v), energy=float(e))
        for row, v in enumerate(steps)
        for column, e in enumerate(steps)
    )


def test_a_narrow_catalogue_is_used_from_end_to_end() -> None:
    catalogue = narrow(0.55, 0.75)
    path = recommend(catalogue, AffectPoint(-0.4, 0.8), goal=Goal.GUIDE, goal_target=AffectPoint(0.8, -0.8))
    valences, energies = ([getattr(item.track, name) for item in path] for name in ("valence", "energy"))
    assert valences[-1] - valences[0] > 0.08
    assert energies[0] - energies[-1] > 0.08
    happy, sad = (recommend(catalogue, EMOTION_POINTS[Emotion(e)]) for e in ("happy", "sad"))
    assert statistics.fmean(i.track.valence for i in happy) > statistics.fmean(i.track.valence for i in sad) + 0.05


def test_a_gloomy_catalogue_answers_sadness_with_its_brightest() -> None:
    items = recommend(narrow(0.0, 0.25), EMOTION_POINTS[Emotion.SAD], n=2)
    assert all(item.track.valence > 0.18 for item in items)  # all of it lies below the lowest target


def test_a_catalogue_over_the_whole_plane_keeps_its_places() -> None:
    features = FakeCatalogue().features
    scale = fit_scale(features.plane)
    assert scale.plane is features.plane
    assert scale.aim(AffectPoint(-0.4, 0.3)) == AffectPoint(-0.4, 0.3)


def test_songs_without_a_place_are_never_taken_and_other_gaps_do_no_harm() -> None:
    songs = [
        make_track(i, valence=math.nan if i % 3 == 0 else 0.5, energy=math.nan if i % 3 == 1 else 0.5,
                   danceability=math.nan, tempo=math.nan, popularity=math.nan)
        for i in range(30)
    ]  # fmt: skip
    features = FakeCatalogue(songs).features
    items = recommend(FakeCatalogue(songs), MIDDLE, n=20, filters=Filters(novelty=0.5))
    assert sorted(features.row_of[song] % 3 for song in ids(items)) == [2] * 10
    assert all(math.isfinite(item.score) for item in items)


def test_a_catalogue_without_any_place_is_an_error() -> None:
    songs = [make_track(i, valence=math.nan) for i in range(3)]
    with pytest.raises(CatalogueError, match="both a valence and an energy"):
        recommend(FakeCatalogue(songs), MIDDLE)


def test_a_plan_in_minutes_reaches_the_ranking_as_it_is() -> None:
    route = plan(MIDDLE, Goal.STAY, minutes=30.0)
    assert recommend_along(BUILTIN, route) == recommend(BUILTIN, MIDDLE, minutes=30.0)
