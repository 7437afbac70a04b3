"""The one way from a picture to the network's input."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from emrs_core.errors import ImageError
from emrs_core.types import FaceBox
from emrs_core.vision import preprocess
from emrs_core.vision.preprocess import FACE_SIZE_PX, face_crop, standardise, whole_image

SIDE = FACE_SIZE_PX
greys = hnp.arrays(np.uint8, st.tuples(st.integers(1, 60), st.integers(1, 60)))


def _batch(seed: int, spread: int, offset: int) -> np.ndarray:
    noise = np.random.default_rng(seed).integers(0, spread + 1, (2, SIDE, SIDE))
    return (noise + offset).astype(np.uint8)


face_batches = st.builds(_batch, st.integers(0, 99), st.integers(0, 200), st.integers(0, 55))


@st.composite
def pictures_with_boxes(draw: st.DrawFn) -> tuple[np.ndarray, FaceBox]:
    """A grey picture, and a box with at least one pixel in it."""
    image = draw(greys)
    height, width = image.shape
    w, h = draw(st.integers(1, 100)), draw(st.integers(1, 100))
    return image, FaceBox(draw(st.integers(1 - w, width - 1)), draw(st.integers(1 - h, height - 1)), w, h)


def noise(height: int, width: int, *channels: int) -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (height, width, *channels)).astype(np.uint8)


@given(pictures_with_boxes())
def test_a_crop_is_48_pixels_square_and_holds_only_what_the_picture_holds(case: tuple[np.ndarray, FaceBox]) -> None:
    image, box = case
    crop = face_crop(image, box)
    assert crop.shape == (SIDE, SIDE)
    assert crop.dtype == np.uint8
    assert crop.flags.c_contiguous
    assert image.min() <= crop.min()
    assert crop.max() <= image.max()


@given(pictures_with_boxes())
def test_a_crop_over_the_edge_repeats_the_edge(case: tuple[np.ndarray, FaceBox]) -> None:
    image, box = case
    wider = np.pad(image, 160, mode="edge")
    moved = FaceBox(box.x + 160, box.y + 160, box.width, box.height)
    np.testing.assert_array_equal(face_crop(image, box), face_crop(wider, moved))


@given(pictures_with_boxes())
def test_colour_and_grey_of_the_same_light_give_the_same_crop(case: tuple[np.ndarray, FaceBox]) -> None:
    image, box = case
    np.testing.assert_array_equal(face_crop(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR), box), face_crop(image, box))


def test_a_box_of_48_pixels_is_cut_out_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preprocess, "CROP_SCALE", 1.0)
    image = noise(100, 120)
    np.testing.assert_array_equal(face_crop(image, FaceBox(20, 30, SIDE, SIDE)), image[30:78, 20:68])


def test_a_tall_box_becomes_a_square_around_its_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preprocess, "CROP_SCALE", 1.0)
    image = noise(100, 120)
    np.testing.assert_array_equal(face_crop(image, FaceBox(40, 30, 20, SIDE)), image[30:78, 26:74])


def test_the_margin_widens_the_square_on_all_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preprocess, "CROP_SCALE", 1.5)
    image = noise(100, 120)
    np.testing.assert_array_equal(face_crop(image, FaceBox(40, 40, 32, 32)), image[32:80, 32:80])


def test_shrinking_averages_and_growing_interpolates() -> None:
    fine = np.tile(np.array([[0, 200], [200, 0]], np.uint8), (SIDE, SIDE))  # a chessboard of single pixels
    np.testing.assert_array_equal(whole_image(fine), np.full((SIDE, SIDE), 100, np.uint8))
    step = np.repeat(np.array([[0, 240]], np.uint8), 2, axis=0)
    assert len(np.unique(whole_image(step))) > 10


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((0, 5), np.uint8),
        np.zeros((5, 5, 4), np.uint8),
        np.zeros((5, 5), np.float32),
        np.zeros(5, np.uint8),
        [[1, 2], [3, 4]],
        None,
    ],
    ids=["empty", "four channels", "floats", "one row of numbers", "a list", "nothing"],
)
def test_what_is_no_picture_is_refused(image: object) -> None:
    with pytest.raises(ImageError, match="Expected a non-empty"):
        face_crop(image, FaceBox(0, 0, 4, 4))  # type: ignore[arg-type]
    with pytest.raises(ImageError, match="Expected a non-empty"):
        whole_image(image)  # type: ignore[arg-type]


@pytest.mark.parametrize("box", [FaceBox(50, 0, 9, 9), FaceBox(-9, 0, 9, 9), FaceBox(0, 40, 9, 9), FaceBox(1, 1, 0, 9)])
def test_a_box_without_a_pixel_of_the_picture_is_refused(box: FaceBox) -> None:
    with pytest.raises(ImageError, match="Expected a face box"):
        face_crop(noise(40, 50), box)


@given(face_batches)
def test_standardised_pictures_have_no_mean_and_at_most_unit_spread(faces: np.ndarray) -> None:
    standard = standardise(faces)
    assert standard.shape == (*faces.shape, 1)
    assert standard.dtype == np.float32
    np.testing.assert_allclose(standard.mean(axis=(1, 2, 3)), 0.0, atol=1e-3)
    assert (standard.std(axis=(1, 2, 3)) < 1.0).all()


@given(face_batches)
def test_each_picture_is_standardised_by_itself(faces: np.ndarray) -> None:
    np.testing.assert_array_equal(standardise(faces)[-1:], standardise(faces[-1:]))


@given(st.integers(0, 100))
def test_brighter_light_changes_nothing(offset: int) -> None:
    face = noise(SIDE, SIDE) // 2
    np.testing.assert_allclose(standardise((face + np.uint8(offset))[None]), standardise(face[None]), atol=1e-4)


def test_the_formula_by_hand() -> None:
    face = np.zeros((1, SIDE, SIDE), np.uint8)
    face[:, :, SIDE // 2 :] = 255  # mean 0.5, standard deviation 0.5
    standard = standardise(face)[0, :, :, 0]
    np.testing.assert_allclose(standard[:, 0], -0.5 / 0.55, rtol=1e-5)
    np.testing.assert_allclose(standard[:, -1], 0.5 / 0.55, rtol=1e-5)


@pytest.mark.parametrize("shape", [(SIDE, SIDE), (1, SIDE, SIDE, 1), (1, 47, SIDE)])
def test_what_is_no_batch_of_faces_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ImageError, match=r"Expected faces as an \(N, 48, 48\) array"):
        standardise(np.zeros(shape, np.uint8))
