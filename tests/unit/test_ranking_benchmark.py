"""What the ranking's benchmark compares: the same songs, the same fit."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.bench_ranking import ManySongs, plain_loop
from emrs_core.music.features import CatalogueFeatures
from emrs_core.music.ranking.scoring import HeardRows, Scorer
from emrs_core.music.recommend import recommend
from emrs_core.types import AffectPoint

COUNT = 2000
AIM = AffectPoint(0.3, -0.2)


@pytest.fixture(scope="module")
def songs() -> ManySongs:
    return ManySongs(COUNT)


def test_each_song_is_what_its_columns_say(songs: ManySongs) -> None:
    made = CatalogueFeatures.of(songs[:])
    assert len({track.id for track in songs}) == COUNT
    for name in ("genre", "year", "duration_ms", "tempo"):
        assert np.array_equal(getattr(made, name), getattr(songs.features, name)), name
    assert np.allclose(made.plane, songs.features.plane, atol=1e-6)


def test_the_loop_finds_what_the_columns_find(songs: ManySongs) -> None:
    nobody = HeardRows(np.empty(0, np.intp), np.empty(0, np.float32))
    scores = Scorer(songs.features, nobody).scores(AIM)
    assert set(plain_loop(songs, [AIM], 20)) == set(np.argsort(-scores)[:20].tolist())
    assert plain_loop(songs, [AIM, AIM], 1) == plain_loop(songs, [AIM], 1) * 2


def test_lists_come_out_of_it(songs: ManySongs) -> None:
    items = recommend(songs, AIM, n=20)
    assert len(items) == 20
    assert all(songs.get(item.track.id) == item.track for item in items)
