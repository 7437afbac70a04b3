"""Which songs may be taken is worked out once for a wish, and gives what working it out each time would give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.music import features as columns
from emrs_core.music.features import CatalogueFeatures, Remembered
from emrs_core.music.filters import Filters, NoSongsLeft, passing
from emrs_core.music.history import Heard
from emrs_core.music.ranking import selectable as selecting
from emrs_core.music.ranking.scale import fit_scale
from emrs_core.music.ranking.scoring import HeardRows, Scorer
from emrs_core.music.ranking.selectable import selectable
from emrs_core.music.recommend import recommend
from emrs_core.testing.catalogues import FakeCatalogue, make_track
from emrs_core.types import AffectPoint

GENRES = ("rock", "pop", "jazz", "")
SONGS = [
    make_track(
        k,
        genre=GENRES[k % 4],
        year=1950 + k % 70,
        valence=(k * 37 % 100) / 100,
        energy=(k * 61 % 100) / 100,
        artist=f"artist {k % 50}",
        popularity=None if k % 5 == 0 else (k % 11) / 10,
    )
    for k in range(300)
]
FEATURES = CatalogueFeatures.of(SONGS)
filters = st.builds(
    Filters,
    genres=st.frozensets(st.sampled_from(GENRES), max_size=3),
    decades=st.frozensets(st.sampled_from([1950, 1970, 1980, 2010]), max_size=3),
    novelty=st.sampled_from([-1.0, 0.0, 0.5]),
)
points = st.builds(AffectPoint, st.floats(-1, 1), st.floats(-1, 1))
heard_rows = st.lists(st.integers(0, 299), unique=True, max_size=20)


@given(filters, points, heard_rows, st.booleans())
def test_scores_are_those_of_all_songs_less_those_left_out(
    wish: Filters, aim: AffectPoint, rows: list[int], with_taste: bool
) -> None:
    heard = HeardRows(np.array(rows, np.intp), np.linspace(0.1, 1, len(rows)).astype(np.float32))
    rewards = np.sin(np.arange(300)).astype(np.float32) if with_taste else None
    everything = Scorer(FEATURES, heard, Filters(novelty=wish.novelty), rewards)
    try:
        some = Scorer(FEATURES, heard, wish, rewards)
    except NoSongsLeft:
        assert not passing(FEATURES, Filters()).any() or wish.in_use
        return
    assert some.rows.tolist() == np.flatnonzero(passing(FEATURES, wish)).tolist()
    assert some.scores(aim).tobytes() == everything.scores(aim)[some.rows].tobytes()
    few = some.rows[::3]
    for term, column in some.parts(aim, few).items():
        assert column.tobytes() == everything.parts(aim, few)[term].tobytes()


@given(filters, points, st.integers(0, 5))
def test_the_second_list_of_a_wish_is_the_first(wish: Filters, aim: AffectPoint, seed: int) -> None:
    history = [Heard(SONGS[k].id, float(k)) for k in range(0, 40, 7)]

    def songs(catalogue: FakeCatalogue) -> list[str] | str:
        try:
            found = recommend(catalogue, aim, n=10, filters=wish, seed=seed, history=history)
        except NoSongsLeft as exc:
            return str(exc)
        return [f"{item.track.id} {item.score!r} {item.reason}" for item in found]

    catalogue = FakeCatalogue(SONGS)
    assert songs(catalogue) == songs(catalogue) == songs(FakeCatalogue(SONGS))


def test_it_is_worked_out_once_for_a_wish_whatever_its_novelty(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Filters] = []
    monkeypatch.setattr(selecting, "passing", lambda f, wish, of: asked.append(wish) or passing(f, wish, of))
    fresh = replace(FEATURES)
    rock = Filters(genres=frozenset({"rock"}))
    first = selectable(fresh, rock)
    assert selectable(fresh, replace(rock, novelty=1.0)) is first
    assert asked == [rock]
    assert selectable(replace(fresh, genre=fresh.genre[::-1].copy()), rock) is not first
    assert len(asked) == 2
    assert first.plane.tobytes() == fit_scale(fresh.plane).plane[:, first.rows].tobytes()


def test_where_no_song_is_left_out_no_column_is_copied() -> None:
    whole = selectable(FEATURES, Filters(novelty=0.5))
    assert whole.whole
    assert whole.plane is fit_scale(FEATURES.plane).plane
    assert whole.of(FEATURES.popularity) is FEATURES.popularity


def test_filters_that_leave_nothing_are_said_each_time() -> None:
    for _ in range(2):
        with pytest.raises(NoSongsLeft):
            selectable(FEATURES, Filters(genres=frozenset({"polka"})))


def test_only_the_latest_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "KEPT", 2)
    remembered, made = Remembered(), []
    for key in ("a", "b", "a", "c", "a", "b"):
        remembered.get(key, lambda key=key: made.append(key))
    assert made == ["a", "b", "c", "b"]
