"""What the ranking's benchmark compares: the same songs, the same fit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import bench_ranking
from benchmarks.bench_ranking import ManySongs, plain_loop
from benchmarks.context import Context
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


def test_the_rows_name_lists_paths_and_growth_and_hold_them_to_their_targets(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert (bench_ranking.SONGS, bench_ranking.LIST_MS, bench_ranking.PATH_MS) == (100_000, 5.0, 20.0)
    assert (min(bench_ranking.GROWTH), max(bench_ranking.GROWTH)) == (1_000, 1_000_000)
    for name, small in (("SONGS", COUNT), ("GROWTH", (500, COUNT)), ("CALLS", 1)):
        monkeypatch.setattr(bench_ranking, name, small)
    rows = {row["name"]: row for row in bench_ranking.run(Context(tmp_path, "a processor", 1))}
    targets = {"best 20 of 2,000 songs": 5, "path of 8 of 2,000 songs": 20}
    for name, most_ms in targets.items():
        assert f"target under {most_ms}:" in rows[name]["note"]
    for count in ("500", "2,000"):
        assert rows[f"growth: best 20 of {count} songs"]["ratio"] > 0
