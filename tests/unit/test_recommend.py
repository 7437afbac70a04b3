"""Which songs are chosen: near the mood, varied, safe, fresh, and the same for the same seed."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emrs_core.affect import EMOTION_POINTS
from emrs_core.errors import CatalogueError, UsageError
from emrs_core.music.catalogue import CsvCatalogue
from emrs_core.music.goals import Goal
from emrs_core.music.history import Heard
from emrs_core.music.recommend import recommend
from emrs_core.testing.catalogues import FakeCatalogue, grid_tracks, make_track, numbered_id
from emrs_core.types import AffectPoint, Recommendation, Track

BUILTIN = CsvCatalogue.builtin()
coordinates = st.floats(-1.0, 1.0)
points = st.builds(AffectPoint, coordinates, coordinates)
shares = st.floats(0.0, 1.0, width=32)
sizes = st.integers(1, 40)


@st.composite
def catalogues(draw: st.DrawFn) -> FakeCatalogue:
    """Small catalogues with few artists and genres and clumps on the plane, where the rules bind."""
    facts = st.tuples(shares, shares, st.sampled_from("abcdef"), st.sampled_from(["pop", "rock"]))
    songs = draw(st.lists(facts, min_size=1, max_size=40))
    return FakeCatalogue(
        make_track(number, valence=valence, energy=energy, artist=artist, genre=genre)
        for number, (valence, energy, artist, genre) in enumerate(songs)
    )


def ids(items: Sequence[Recommendation]) -> list[str]:
    return [item.track.id for item in items]


def mean_distance(items: Sequence[Recommendation], to: AffectPoint) -> float:
    return statistics.fmean(item.point.distance_to(to) for item in items)


def assert_rules(items: Sequence[Recommendation]) -> None:
    assert len(set(ids(items))) == len(items)
    for begin in range(len(items)):
        window = [item.track.artist.casefold() for item in items[begin : begin + 10]]
        assert all(window.count(artist) <= 2 for artist in window)
        three = items[begin : begin + 3]
        assert len(three) < 3 or any(item.point.valence >= -0.3 for item in three)


@settings(max_examples=60)
@given(catalogues(), points, st.sampled_from(Goal), sizes, st.integers(0, 5))
def test_the_rules_hold_in_any_catalogue(
    catalogue: FakeCatalogue, start: AffectPoint, goal: Goal, n: int, seed: int
) -> None:
    items = recommend(catalogue, start, goal=goal, n=n, seed=seed)
    assert 1 <= len(items) <= min(n, len(catalogue.tracks()))
    assert_rules(items)
    assert len({item.reason for item in items}) == len(items)
    assert items == recommend(catalogue, start, goal=goal, n=n, seed=seed)


@settings(max_examples=60)
@given(points, st.sampled_from(Goal), st.integers(1, 60), st.integers(0, 1000))
def test_the_builtin_songs_fill_any_list(start: AffectPoint, goal: Goal, n: int, seed: int) -> None:
    items = recommend(BUILTIN, start, goal=goal, n=n, seed=seed)
    assert len(items) == n
    assert_rules(items)
    for begin in range(n - 9):
        genres = [item.track.genre for item in items[begin : begin + 10]]
        assert max(genres.count(genre) for genre in genres) <= 5


@settings(max_examples=40)
@given(points, sizes, st.integers(0, 100))
def test_a_longer_list_begins_with_the_shorter(start: AffectPoint, n: int, seed: int) -> None:
    longer = recommend(BUILTIN, start, n=n + 7, seed=seed)
    assert longer[:n] == recommend(BUILTIN, start, n=n, seed=seed)


@settings(max_examples=40)
@given(points, points)
def test_songs_for_a_mood_lie_nearer_to_it_than_songs_for_another(one: AffectPoint, other: AffectPoint) -> None:
    here, there = (recommend(BUILTIN, mood) for mood in (one, other))
    aim, far = here[0].waypoint, there[0].waypoint
    if aim.distance_to(far) > 0.5:
        assert mean_distance(here, aim) < mean_distance(there, aim)
        assert mean_distance(there, far) < mean_distance(here, far)


@pytest.mark.parametrize("emotion", EMOTION_POINTS)
def test_songs_for_an_emotion_are_the_near_ones(emotion: str) -> None:
    items = recommend(BUILTIN, EMOTION_POINTS[emotion])
    assert len(items) == 20
    nearest = sorted(
        AffectPoint(2 * t.valence - 1, 2 * t.energy - 1).distance_to(items[0].waypoint) for t in BUILTIN.tracks()
    )
    assert mean_distance(items, items[0].waypoint) < nearest[len(nearest) // 8]  # within the nearest eighth, on average
    assert items[0].score == max(item.score for item in items)


def test_happy_songs_are_brighter_than_sad_ones_and_angry_ones_louder() -> None:
    happy, sad, angry = (recommend(BUILTIN, EMOTION_POINTS[emotion]) for emotion in ("happy", "sad", "angry"))
    mean_valence = [statistics.fmean(item.point.valence for item in items) for items in (happy, sad)]
    mean_arousal = [statistics.fmean(item.point.arousal for item in items) for items in (angry, sad)]
    assert mean_valence[0] > mean_valence[1] + 0.8
    assert mean_arousal[0] > mean_arousal[1] + 0.6


def test_visits_differ_by_their_seed() -> None:
    lists = {tuple(ids(recommend(BUILTIN, AffectPoint(0.2, 0.1), seed=seed))) for seed in range(5)}
    assert len(lists) == 5


def test_guiding_moves_from_the_mood_to_the_goal() -> None:
    start, goal = AffectPoint(-0.55, 0.6), AffectPoint(0.4, -0.5)
    items = recommend(BUILTIN, start, goal=Goal.GUIDE, goal_target=goal)
    assert len(items) == 7  # ceil(1.45 / .25) + 1
    assert items[-1].point.distance_to(goal) < 0.3
    assert items[0].point.distance_to(goal) > 1.0
    steps = [a.point.distance_to(b.point) for a, b in pairwise(items)]
    assert max(steps) < 0.6


def test_songs_just_heard_give_way_and_come_back_with_the_hours() -> None:
    mood = AffectPoint(0.2, 0.1)
    first = recommend(BUILTIN, mood)
    just_now = recommend(BUILTIN, mood, history=ids(first))
    assert not set(ids(just_now)) & set(ids(first))
    long_ago = recommend(BUILTIN, mood, history=[Heard(song, 240.0) for song in ids(first)])
    assert len(set(ids(long_ago)) & set(ids(first))) >= 10


def test_the_latest_time_of_a_song_counts() -> None:
    mood = AffectPoint(0.0, 0.0)
    song = recommend(BUILTIN, mood, n=1)[0].track.id
    for history in ([Heard(song, 0.0), Heard(song, 500.0)], [Heard(song, 500.0), song]):
        assert song not in ids(recommend(BUILTIN, mood, history=history))


def test_a_history_of_unknown_songs_changes_nothing() -> None:
    mood = AffectPoint(0.0, 0.0)
    assert recommend(BUILTIN, mood, history=["z" * 22, "nonsense"]) == recommend(BUILTIN, mood)


def test_when_all_was_heard_the_songs_come_again() -> None:
    catalogue = FakeCatalogue(grid_tracks(4))
    everything = [track.id for track in catalogue.tracks()]
    assert len(recommend(catalogue, AffectPoint(0.5, 0.5), n=10, history=everything)) == 10


def test_a_dense_clump_of_sad_songs_is_broken_by_brighter_ones() -> None:
    sad = [make_track(i, valence=0.3, energy=0.3) for i in range(2000)]
    brighter = [make_track(3000 + i, valence=0.6, energy=0.6) for i in range(20)]
    items = recommend(FakeCatalogue([*sad, *brighter]), AffectPoint(-0.75, -0.4), n=20)
    assert len(items) == 20
    assert_rules(items)


def test_one_artist_cannot_crowd_the_pool() -> None:
    near = [make_track(i, artist="One", valence=0.5, energy=0.5) for i in range(1000)]
    far = [make_track(2000 + i, valence=0.9, energy=0.9) for i in range(8)]
    items = recommend(FakeCatalogue([*near, *far]), AffectPoint(0.0, 0.0), n=10)
    assert len(items) == 10
    assert_rules(items)


def test_a_single_genre_gives_way_rather_than_end_the_list() -> None:
    catalogue = FakeCatalogue(make_track(i, genre="jazz", valence=0.7) for i in range(12))
    assert len(recommend(catalogue, AffectPoint(0.4, 0.0), n=12)) == 12


def test_any_catalogue_will_do() -> None:
    class Bare:
        def __init__(self, tracks: list[Track]) -> None:
            self._tracks = tracks

        def tracks(self) -> list[Track]:
            return self._tracks

        def get(self, track_id: str) -> Track | None:
            return None

    mood = AffectPoint(0.3, 0.3)
    assert recommend(Bare(grid_tracks()), mood) == recommend(FakeCatalogue(grid_tracks()), mood)


def test_a_catalogue_without_songs_is_an_error() -> None:
    with pytest.raises(CatalogueError, match="no songs to choose from"):
        recommend(FakeCatalogue([]), AffectPoint(0.0, 0.0))


def test_a_length_that_cannot_be_is_an_error() -> None:
    with pytest.raises(UsageError, match="1 to 1000 songs, got 0"):
        recommend(FakeCatalogue(), AffectPoint(0.0, 0.0), n=0)


def test_a_seed_that_cannot_be_is_an_error() -> None:
    with pytest.raises(UsageError, match="0 or more, got -1"):
        recommend(FakeCatalogue(), AffectPoint(0.0, 0.0), seed=-1)


def test_numbered_ids_are_distinct() -> None:
    assert len({numbered_id(i) for i in range(100)}) == 100
