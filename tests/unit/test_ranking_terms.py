"""What a list is made of: taste and fame, and never the order of the table."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from emrs_core.music.catalogue import CsvCatalogue
from emrs_core.music.features import CatalogueFeatures
from emrs_core.music.filters import Filters
from emrs_core.music.goals import Goal
from emrs_core.music.preference import Preference
from emrs_core.music.recommend import recommend
from emrs_core.testing.catalogues import FakeCatalogue, grid_tracks, make_track
from emrs_core.types import AffectPoint, Recommendation

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


@settings(max_examples=40)
@given(points, st.sampled_from(Goal), st.floats(-1.0, 1.0), st.integers(0, 1000), st.booleans())
def test_the_rules_hold_against_any_taste(
    start: AffectPoint, goal: Goal, novelty: float, seed: int, narrow: bool
) -> None:
    """Somebody who adores two artists and everything sad still hears others, and brighter songs in between."""
    adored = [t.id for t in BUILTIN.tracks() if t.artist in {"Drake", "Billie Eilish"} or t.valence < 0.3]
    filters = Filters(genres=frozenset({"pop", "rap", "rock"}) if narrow else frozenset(), novelty=novelty)
    items = recommend(BUILTIN, start, goal=goal, n=15, seed=seed, filters=filters, preference=Likes(adored, 3.0))
    assert len(set(ids(items))) == len(items) == 15
    for begin in range(len(items)):
        artists = [item.track.artist.casefold() for item in items[begin : begin + 10]]
        assert max(map(artists.count, artists)) <= 2
        low = [item.point.valence <= -0.3 for item in items[begin : begin + 3]]
        assert low != [True] * 3
    assert all(item.waypoint.valence >= -0.4 for item in items)


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


def test_novelty_means_something_with_the_builtin_songs() -> None:
    known, new = (
        statistics.fmean(
            item.track.popularity or 0.0 for item in recommend(BUILTIN, MIDDLE, filters=Filters(novelty=way))
        )
        for way in (-1.0, 1.0)
    )
    assert known > new + 0.1


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
