"""A catalogue as columns."""

from __future__ import annotations

import numpy as np

from emrs_core.music.features import EXPLICIT_NO, EXPLICIT_UNKNOWN, EXPLICIT_YES, CatalogueFeatures
from emrs_core.testing.catalogues import grid_tracks, make_track


def test_columns_hold_what_the_songs_say() -> None:
    tracks = [
        make_track(1, valence=0.25, energy=1.0, genre="Pop", artist="A", explicit=True, popularity=0.5, year=1999),
        make_track(2, genre="rock", artist="a", explicit=False, tempo=90.0),
        make_track(3, genre="pop", artist="B", duration_ms=1234),
    ]
    features = CatalogueFeatures.of(tracks)
    assert len(features) == 3
    assert features.plane[:, 0].tolist() == [-0.5, 1.0]
    assert features.artist.tolist() == [0, 0, 1]
    assert features.genre.tolist() == [0, 1, 0]
    assert list(features.genre_names) == ["Pop", "rock"]
    assert features.explicit.tolist() == [EXPLICIT_YES, EXPLICIT_NO, EXPLICIT_UNKNOWN]
    assert features.popularity[0] == np.float32(0.5)
    assert np.isnan(features.popularity[1:]).all()
    assert (int(features.year[0]), float(features.tempo[1]), int(features.duration_ms[2])) == (1999, 90.0, 1234)
    assert features.track(1) is tracks[1]
    assert features.row_of[tracks[2].id] == 2


def test_timbre_is_standardised_and_a_column_without_spread_is_nought() -> None:
    timbre = CatalogueFeatures.of(grid_tracks()).timbre
    assert np.allclose(timbre.mean(axis=0), 0.0, atol=1e-5)
    assert np.allclose(timbre.std(axis=0), [1, 1, 0, 0, 0], atol=1e-5)


def test_no_songs_are_empty_columns() -> None:
    features = CatalogueFeatures.of(())
    assert len(features) == 0
    assert features.plane.shape == (2, 0)
    assert features.timbre.shape == (0, 5)
