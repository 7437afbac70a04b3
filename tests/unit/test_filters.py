"""What filters let through, and what is said when that is nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.errors import UsageError
from emrs_core.music.features import CatalogueFeatures
from emrs_core.music.filters import Filters, NoSongsLeft, passing
from emrs_core.testing.catalogues import make_track
from emrs_core.types import Track

SONGS = [
    make_track(0, genre="Jazz", year=1959, tempo=90.0, explicit=False),
    make_track(1, genre="jazz", year=1965, tempo=140.0),
    make_track(2, genre="rap", year=1999, tempo=90.0, explicit=True),
    make_track(3, genre="rap", year=1990, tempo=0.0, explicit=False),
    make_track(4, genre="pop", year=1989, tempo=math.nan),
]
FEATURES = CatalogueFeatures.of(SONGS)


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        (Filters(), [0, 1, 2, 3, 4]),
        (Filters(genres=frozenset({"JAZZ"})), [0, 1]),
        (Filters(genres=frozenset({"jazz", "pop"})), [0, 1, 4]),
        (Filters(decades=frozenset({1990})), [2, 3]),
        (Filters(decades=frozenset({1950, 1980})), [0, 4]),
        (Filters(tempo=(80.0, 90.0)), [0, 2]),
        (Filters(tempo=(0.0, 400.0)), [0, 1, 2]),
        (Filters(explicit=False), [0, 1, 3, 4]),
        (Filters(genres=frozenset({"rap"}), explicit=False), [3]),
        (Filters(novelty=1.0), [0, 1, 2, 3, 4]),
    ],
)
def test_what_passes(filters: Filters, rows: list[int]) -> None:
    assert np.flatnonzero(passing(FEATURES, filters)).tolist() == rows


def test_the_error_names_the_filter_whose_removal_gives_most() -> None:
    filters = Filters(genres=frozenset({"jazz"}), decades=frozenset({1990}), tempo=(80.0, 100.0))
    with pytest.raises(NoSongsLeft) as caught:
        passing(FEATURES, filters)
    # without the genre one song (2) is left, without the decade one (0), without the tempo none
    assert caught.value.loosen == ("genres",)
    assert caught.value.songs == 1
    assert str(caught.value) == (
        "No song is left with these filters: genre jazz, from the 1990s, 80 to 100 beats a minute. "
        "Without the choice of genres there would be 1 song."
    )


def test_where_no_single_filter_helps_all_are_named() -> None:
    filters = Filters(genres=frozenset({"polka"}), decades=frozenset({1700}))
    with pytest.raises(
        NoSongsLeft, match=r"Without the choice of genres and the choice of decades .* 5 songs"
    ) as caught:
        passing(FEATURES, filters)
    assert passing(FEATURES, filters.without(*caught.value.loosen)).sum() == caught.value.songs == len(SONGS)


@given(
    st.sets(st.sampled_from(["jazz", "rap", "pop", "polka"])),
    st.sets(st.sampled_from([1950, 1960, 1980, 1990, 2010])),
    st.none() | st.sampled_from([(80.0, 100.0), (300.0, 400.0)]),
    st.booleans(),
)
def test_what_the_error_promises_is_true(
    genres: set[str], decades: set[int], tempo: tuple[float, float] | None, explicit: bool
) -> None:
    filters = Filters(frozenset(genres), frozenset(decades), tempo, explicit)
    expected = [song for song in SONGS if _lets_through(song, filters)]
    if expected:
        assert passing(FEATURES, filters).sum() == len(expected)
        return
    with pytest.raises(NoSongsLeft) as caught:
        passing(FEATURES, filters)
    assert passing(FEATURES, filters.without(*caught.value.loosen)).sum() == caught.value.songs > 0


def _lets_through(song: Track, filters: Filters) -> bool:
    """The filters in words, one song at a time."""
    low, high = filters.tempo or (-math.inf, math.inf)
    return (
        (not filters.genres or song.genre.casefold() in filters.genres)
        and (not filters.decades or song.year // 10 * 10 in filters.decades)
        and (filters.tempo is None or low <= song.tempo <= high)
        and (filters.explicit or not song.explicit)
    )


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"decades": frozenset({1995})}, "like 1990; got 1995"),
        ({"tempo": (120.0, 80.0)}, "the slower first"),
        ({"tempo": (math.nan, 80.0)}, "two numbers"),
        ({"tempo": (0.0, 4000.0)}, "0 to 400"),
        ({"novelty": 1.5}, "got 1.5"),
        ({"novelty": math.nan}, "got nan"),
    ],
)
def test_filters_that_cannot_be_are_refused(facts: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        Filters(**facts)  # type: ignore[arg-type]
