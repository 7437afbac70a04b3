"""What the taste model makes of opinions."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emrs_core.music.features import CatalogueFeatures
from emrs_core.music.recommend import recommend
from emrs_core.music.taste.feedback import Feedback, FeedbackKind
from emrs_core.music.taste.model import EXPLORATION, PATTERN_FROM, FittedTaste, TasteModel
from emrs_core.music.taste.traits import GUESSES
from emrs_core.testing.catalogues import FakeCatalogue, make_track, numbered_id
from emrs_core.testing.profiles import BEGIN, make_feedback
from emrs_core.types import AffectPoint

LIKE, DISLIKE, WRONG = FeedbackKind.LIKE, FeedbackKind.DISLIKE, FeedbackKind.WRONG_MOOD
MOOD = AffectPoint(0.1, 0.2)
rng = np.random.default_rng(7)
SONGS = [
    make_track(
        number,
        genre=("rock", "pop", "rap")[number % 3],
        year=1960 + number % 60,
        artist=f"Artist {number // 3}",
        valence=float(rng.random()),
        energy=float(rng.random()),
        tempo=float(80 + 80 * rng.random()),
    )
    for number in range(240)
]
CATALOGUE = FakeCatalogue(SONGS)
FEATURES = CATALOGUE.features
ROCK = FEATURES.genre == FEATURES.genre[0]


def rock_lover(count: int = 60) -> list[Feedback]:
    return [make_feedback(number, LIKE if number % 3 == 0 else DISLIKE, mood=MOOD) for number in range(count)]


def means(feedback: Sequence[Feedback], features: CatalogueFeatures = FEATURES, mood: AffectPoint = MOOD) -> np.ndarray:
    fitted = TasteModel(feedback).fitted(features)
    assert isinstance(fitted, FittedTaste)
    return fitted.rewards(mood, None)


def rewards(feedback: Sequence[Feedback], seed: int = 0) -> np.ndarray | None:
    return TasteModel(feedback).rewards(FEATURES, MOOD, np.random.default_rng(seed))


def test_knowing_nothing_is_none_and_the_list_the_plain_one() -> None:
    unheard = [make_feedback(999), make_feedback(1000, DISLIKE)]  # songs that the catalogue does not have
    for nothing in ([], unheard):
        assert rewards(nothing) is None
        assert recommend(CATALOGUE, MOOD, preference=TasteModel(nothing)) == recommend(CATALOGUE, MOOD)


def test_what_is_liked_carries_over_to_songs_never_heard() -> None:
    unheard = np.arange(len(FEATURES)) >= 60
    found = means(rock_lover())
    assert found[unheard & ROCK].min() > found[unheard & ~ROCK].max()
    assert found[unheard & ROCK].mean() - found[unheard & ~ROCK].mean() > 0.5
    assert np.abs(found).max() < 1.6


def test_the_list_follows_the_taste() -> None:
    plain = recommend(CATALOGUE, MOOD, n=20)
    learned = recommend(CATALOGUE, MOOD, n=20, preference=TasteModel(rock_lover()))
    rock = [sum(item.track.genre == "rock" for item in items) for items in (plain, learned)]
    assert rock[1] >= rock[0] + 3


def test_answers_without_a_pattern_change_nothing_but_what_was_refused() -> None:
    chance = np.random.default_rng(5).permutation([LIKE, DISLIKE] * 30)
    feedback = [make_feedback(number, FeedbackKind(kind), mood=MOOD) for number, kind in enumerate(chance)]
    found = rewards(feedback)
    refused = [number for number, kind in enumerate(chance) if kind == DISLIKE]
    assert found is not None
    assert np.flatnonzero(found).tolist() == refused
    assert set(found[refused]) == {-0.5}


def test_a_pattern_counts_by_degrees() -> None:
    fits = [TasteModel(rock_lover(count)).fitted(FEATURES) for count in range(4, 40)]
    shares = [fitted.share for fitted in fits if fitted is not None]
    assert len(shares) == len(fits)
    assert shares[0] == 0.0
    assert 0.95 < shares[-1] <= 1.0
    between = next(fitted for fitted in fits if fitted is not None and 0.0 < fitted.share < 0.9)
    assert PATTERN_FROM < between.conviction < 1.0
    unheard = np.flatnonzero(np.arange(len(FEATURES)) >= 40)
    assert between.observed is not None
    whole = between.observed.traits.score(FEATURES, between.draw(None).weights, MOOD)[unheard]
    strangers = ~np.isin(FEATURES.artist[unheard], FEATURES.artist[:40])
    found = between.rewards(MOOD, None)[unheard]
    np.testing.assert_allclose(found[strangers], between.share * whole[strangers], rtol=1e-5, atol=1e-7)


def test_a_few_likes_alone_leave_the_list_as_it_is() -> None:
    assert rewards([make_feedback(number) for number in range(3)]) is None


def test_an_artist_is_learned() -> None:
    loved = {number for number in range(240) if FEATURES.artist[number] % 8 == 0}
    heard = [number for number in range(240) if number % 3 != 2]
    feedback = [make_feedback(number, LIKE if number in loved else DISLIKE, mood=MOOD) for number in heard]
    found = means(feedback)
    unheard = [number for number in range(240) if number % 3 == 2]
    theirs, others = ([found[n] for n in unheard if (n in loved) is kind] for kind in (True, False))
    assert np.mean(theirs) > np.mean(others) + 0.3


def test_a_taste_may_change_with_the_mood() -> None:
    feedback = []
    for number in range(120):
        low = number % 2 == 0
        fits = (FEATURES.timbre[number, 1] < 0) == low  # quiet songs when low, loud ones when high
        feedback.append(make_feedback(number, LIKE if fits else DISLIKE, mood=AffectPoint(-0.7 if low else 0.7, 0.0)))
    quiet = FEATURES.timbre[:, 1] < -0.5
    low, high = (means(feedback, mood=AffectPoint(valence, 0.0)) for valence in (-0.7, 0.7))
    assert low[quiet].mean() > high[quiet].mean() + 0.3


def test_wrong_mood_holds_the_song_back_near_that_mood_and_says_nothing_of_taste() -> None:
    feedback = [make_feedback(5, WRONG, mood=MOOD)]
    here = means(feedback)
    elsewhere = means(feedback, mood=AffectPoint(-0.9, -0.8))
    assert np.flatnonzero(here).tolist() == [5]
    assert here[5] == pytest.approx(-1.0)
    assert -0.02 < elsewhere[5] <= 0.0
    everywhere = means([make_feedback(5, WRONG, mood=None)], mood=AffectPoint(-0.9, -0.8))
    assert everywhere[5] == pytest.approx(-1.0)
    np.testing.assert_array_equal(means([*rock_lover(), make_feedback(200, WRONG)])[:200], means(rock_lover())[:200])


@settings(max_examples=15)
@given(st.permutations(range(60)))
def test_the_order_of_the_opinions_does_not_matter(order: Sequence[int]) -> None:
    feedback = rock_lover()
    np.testing.assert_array_equal(means([feedback[place] for place in order]), means(feedback))


def test_the_same_draw_gives_the_same_rewards_and_another_draw_others() -> None:
    one, same, other = (rewards(rock_lover(), seed) for seed in (1, 1, 2))
    assert one is not None
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
    spread = np.std([rewards(rock_lover(), seed) for seed in range(30)], axis=0)
    assert 0.0 < spread.max() < 3 * EXPLORATION


def test_rewards_are_the_rows_times_the_weights() -> None:
    fitted = TasteModel(rock_lover()).fitted(FEATURES)
    assert fitted is not None
    observed = fitted.observed
    assert observed is not None
    weights = np.random.default_rng(3).standard_normal(observed.seen.traits.shape[1])
    rows, mood = np.arange(60), AffectPoint(0.4, -0.6)  # songs whose genres and decades were heard
    table = observed.traits.rows(FEATURES, rows, np.tile([mood.valence, mood.arousal], (60, 1)))
    np.testing.assert_allclose(observed.traits.score(FEATURES, weights, mood)[:60], table @ weights, atol=1e-4)


def test_missing_facts_are_no_trouble() -> None:
    holes = FEATURES.timbre.copy()
    holes[::7] = np.nan
    found = means(rock_lover(), dataclasses.replace(FEATURES, timbre=holes))
    assert np.isfinite(found).all()
    assert found[ROCK].mean() > found[~ROCK].mean()


def test_the_guesses_are_a_distribution_and_its_first_is_nothing() -> None:
    assert sum(guess.prior for guess in GUESSES) == pytest.approx(1.0)
    assert max(GUESSES[0].kinds, GUESSES[0].sound, GUESSES[0].moods, GUESSES[0].names) < 1e-3


def test_ties_in_time_are_no_trouble() -> None:
    feedback = [dataclasses.replace(one, at=BEGIN + timedelta(0)) for one in rock_lover()]
    np.testing.assert_array_equal(means(feedback[::-1]), means(feedback))
    assert numbered_id(0) in FEATURES.row_of
