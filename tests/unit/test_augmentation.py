"""The random changes of faces: within their limits, repeatable, and each can be switched off."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.training.augmentation import draw
from emrs_core.training.recipe import AugmentationPart

OFF: dict[str, Any] = {
    **dict.fromkeys(("rotation_deg", "scale", "shift", "brightness", "contrast", "cutout", "mixup"), 0.0),
    "flip": False,
}
SIZE_PX = 36
COUNT = 64


def drawn(seed: int = 0, **on: Any) -> dict[str, np.ndarray]:
    return draw(AugmentationPart(**(OFF | on)), COUNT, SIZE_PX, np.random.default_rng(seed))


def linear_part(rows: np.ndarray) -> np.ndarray:
    return rows[:, [0, 1, 3, 4]].reshape(-1, 2, 2).astype(float)


def test_nothing_is_drawn_when_all_is_off() -> None:
    assert drawn() == {}


@pytest.mark.parametrize(
    ("on", "kind"),
    [
        ({"rotation_deg": 15.0}, "transform"),
        ({"scale": 0.1}, "transform"),
        ({"shift": 0.1}, "transform"),
        ({"flip": True}, "transform"),
        ({"brightness": 0.2}, "light"),
        ({"contrast": 0.2}, "light"),
        ({"cutout": 0.3}, "keep"),
        ({"mixup": 0.4}, "share"),
    ],
)
def test_each_kind_is_switched_on_by_itself(on: dict[str, Any], kind: str) -> None:
    changes = drawn(**on)
    assert set(changes) == {kind}
    assert len(changes[kind]) == COUNT
    assert len(np.unique(changes[kind], axis=0)) > 1


@given(seed=st.integers(0, 2**32 - 1))
def test_the_same_seed_draws_the_same(seed: int) -> None:
    part = AugmentationPart()
    first, again = (draw(part, 3, SIZE_PX, np.random.default_rng(seed)) for _ in range(2))
    for name, values in first.items():
        np.testing.assert_array_equal(values, again[name])


@given(degrees=st.floats(1, 90), seed=st.integers(0, 1000))
def test_turns_keep_lengths_and_stay_below_their_angle(degrees: float, seed: int) -> None:
    matrices = linear_part(drawn(seed, rotation_deg=degrees)["transform"])
    np.testing.assert_allclose(matrices @ matrices.transpose(0, 2, 1), np.tile(np.eye(2), (COUNT, 1, 1)), atol=1e-5)
    assert (matrices[:, 0, 0] >= np.cos(np.radians(degrees)) - 1e-5).all()


@given(scale=st.floats(0.05, 0.5), seed=st.integers(0, 1000))
def test_zooms_stay_within_their_range(scale: float, seed: int) -> None:
    zooms = 1 / np.sqrt(np.linalg.det(linear_part(drawn(seed, scale=scale)["transform"])))
    assert (zooms >= 1 - scale - 1e-4).all()
    assert (zooms <= 1 + scale + 1e-4).all()


@given(shift=st.floats(0.01, 0.3), seed=st.integers(0, 1000))
def test_the_middle_moves_at_most_by_the_shift_however_the_face_is_turned(shift: float, seed: int) -> None:
    rows = drawn(seed, shift=shift, rotation_deg=30.0, scale=0.2, flip=True)["transform"].astype(float)
    middle = (SIZE_PX - 1) / 2
    x = rows[:, 0] * middle + rows[:, 1] * middle + rows[:, 2]
    y = rows[:, 3] * middle + rows[:, 4] * middle + rows[:, 5]
    assert (np.abs(np.stack([x, y]) - middle) <= shift * SIZE_PX + 1e-3).all()


def test_about_half_of_the_faces_are_mirrored() -> None:
    mirrored = np.linalg.det(linear_part(drawn(flip=True)["transform"])) < 0
    assert 0.25 < mirrored.mean() < 0.75


@given(brightness=st.floats(0.01, 1), contrast=st.floats(0.01, 0.9), seed=st.integers(0, 1000))
def test_light_stays_within_its_limits(brightness: float, contrast: float, seed: int) -> None:
    factor, added = drawn(seed, brightness=brightness, contrast=contrast)["light"].T
    assert (np.abs(factor - 1) <= contrast + 1e-5).all()
    assert (np.abs(added) <= 255 * brightness + 1e-3).all()


@given(cutout=st.floats(0.05, 0.8), seed=st.integers(0, 1000))
def test_one_square_is_cut_out_at_most_that_wide(cutout: float, seed: int) -> None:
    keep = drawn(seed, cutout=cutout)["keep"]
    assert set(np.unique(keep)) <= {0.0, 1.0}
    for hole in keep == 0:
        rows, columns = np.flatnonzero(hole.any(axis=1)), np.flatnonzero(hole.any(axis=0))
        assert hole.sum() == len(rows) * len(columns)  # a full rectangle
        assert max(len(rows), len(columns)) <= np.ceil(cutout * SIZE_PX)


@given(mixup=st.floats(0.05, 10), seed=st.integers(0, 1000))
def test_at_least_half_of_a_mixed_face_is_its_own(mixup: float, seed: int) -> None:
    share = drawn(seed, mixup=mixup)["share"]
    assert (share >= 0.5).all()
    assert (share <= 1.0).all()
