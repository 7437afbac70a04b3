"""Catalogues that fill only a corner of the plane, and songs with facts missing."""

from __future__ import annotations

import gc
import math
import statistics
from collections.abc import Sequence

import numpy as np
import pytest

from emrs_core.affect import EMOTION_POINTS
from emrs_core.errors import CatalogueError
from emrs_core.music.filters import Filters
from emrs_core.music.goals import Goal
from emrs_core.music.ranking import scale as scale_module
from emrs_core.music.ranking.scale import fit_scale
from emrs_core.music.recommend import recommend
from emrs_core.testing.catalogues import FakeCatalogue, make_track
from emrs_core.types import AffectPoint, Emotion, Recommendation

MIDDLE = AffectPoint(0.0, 0.0)


def ids(items: Sequence[Recommendation]) -> list[str]:
    return [item.track.id for item in items]


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


def test_the_middle_of_the_plane_is_the_middle_of_a_narrow_catalogue() -> None:
    items = recommend(narrow(0.55, 0.75), MIDDLE)
    assert statistics.fmean(item.track.valence for item in items) == pytest.approx(0.65, abs=0.02)
    assert statistics.fmean(item.track.energy for item in items) == pytest.approx(0.65, abs=0.02)


def test_only_the_narrow_axis_is_stretched() -> None:
    songs = [make_track(i, valence=0.5 + 0.1 * (i % 20) / 20, energy=i / 400) for i in range(401)]
    features = FakeCatalogue(songs).features
    scale = fit_scale(features.plane)
    assert np.array_equal(scale.plane[1], features.plane[1])
    assert scale.plane[0].min() == pytest.approx(-0.95, abs=0.01)
    assert scale.plane[0].max() == pytest.approx(0.95, abs=0.01)
    assert scale.lowest == -1.0  # all of it lies above the lowest target


def test_a_scale_lives_as_long_as_its_catalogue() -> None:
    features = narrow(0.5, 0.6).features
    key = id(features.plane)
    assert fit_scale(features.plane) is fit_scale(features.plane)
    assert key in scale_module._STRETCHED
    del features
    gc.collect()
    assert key not in scale_module._STRETCHED


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


def test_songs_of_no_genre_are_not_held_to_the_share_of_one() -> None:
    """Five of ten at most where there are others; songs of which the genre is not known may be more."""
    far = [make_track(20 + i, genre="jazz", valence=0.7) for i in range(20)]
    counts = {}
    for genre in ("", "pop"):
        near = [make_track(i, genre=genre, valence=0.5) for i in range(20)]
        items = recommend(FakeCatalogue([*near, *far]), MIDDLE, n=10)
        counts[genre] = sum(item.track.genre == genre for item in items)
    assert counts["pop"] == 5
    assert counts[""] > 5


def test_songs_of_unknown_length_count_as_long_as_the_others() -> None:
    songs = [make_track(i, duration_ms=0 if i % 2 else 240_000) for i in range(100)]
    assert len(recommend(FakeCatalogue(songs), MIDDLE, minutes=40.0)) == 10
    unknown = [make_track(i, duration_ms=0) for i in range(100)]
    assert len(recommend(FakeCatalogue(unknown), MIDDLE, minutes=39.0)) == 10
