"""The songs looked at closely: far jumps cost, and what is like the last ten songs gives way."""

from __future__ import annotations

import numpy as np
import pytest

from emrs_core.music.ranking.pool import Pool
from emrs_core.music.ranking.terms import Term
from emrs_core.testing.catalogues import FakeCatalogue, make_track


def pool_of(*songs: dict[str, object]) -> Pool:
    features = FakeCatalogue(make_track(i, **facts) for i, facts in enumerate(songs)).features
    return Pool(
        features, np.arange(len(songs)), {Term.FIT: np.zeros(len(songs), np.float32)}, np.zeros(len(songs), np.float32)
    )


def test_a_jump_costs_the_square_of_what_exceeds_a_third_of_the_plane() -> None:
    pool = pool_of({"valence": 0.5}, {"valence": 0.6}, {"valence": 0.9})
    pool.follow(0)
    assert pool.score(1) == 0.0  # 0.2 plane units
    assert pool.score(2) == pytest.approx(-4.0 * (0.8 - 0.35) ** 2, abs=1e-5)


def test_songs_like_the_last_ones_give_way() -> None:
    same, other = {"artist": "A", "genre": "pop"}, {"artist": "B", "genre": "rock", "danceability": 0.9}
    pool = pool_of(same, same, other)
    pool.follow(0)
    assert pool.free.tolist() == [False, True, True]
    assert pool.value()[1] == pytest.approx(-0.3, abs=1e-6)  # alike in all three
    assert pool.value()[2] > pool.value()[1] + 0.15


def test_what_is_like_any_of_the_last_ten_gives_way_and_older_ones_are_forgotten() -> None:
    songs = [{"artist": str(i), "genre": str(i)} for i in range(12)]
    pool = pool_of(*songs, {"artist": "0", "genre": "0"})
    for row in range(10):
        pool.follow(row)
    assert pool.value()[12] < pool.value()[11] - 0.15
    pool.follow(10)  # now song 0 is the eleventh from the end
    assert pool.value()[12] == pytest.approx(pool.value()[11], abs=1e-6)


def test_only_what_is_true_is_said_to_have_decided() -> None:
    pool = pool_of({"valence": 0.1}, {"valence": 0.9}, {"valence": 1.0})
    pool.follow(0)
    far = pool.terms(1).advantages
    assert Term.TRANSITION not in far  # nearer than the other, but no easy step
    assert Term.TRANSITION in pool.terms(0).advantages
