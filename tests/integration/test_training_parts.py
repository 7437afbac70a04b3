"""Losses, changes of faces, networks and the training step in Keras, against numbers worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from emrs_core.training.augmentation import draw, prepare
from emrs_core.training.recipe import (
    AugmentationPart,
    AveragePart,
    DataPart,
    LossPart,
    OptimiserPart,
    Recipe,
    Stage,
)
from emrs_core.training.targets import targets_of
from emrs_core.vision.preprocess import standardise

pytestmark = [
    pytest.mark.keras,
    # Keras 3.15 hands TensorFlow variables to NumPy 2 in a way that NumPy means to drop.
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"),
]
TINY_WIDTH = 0.0625


def array(value: Any) -> np.ndarray:
    return np.asarray(value)


def floats(values: Any) -> np.ndarray:
    return np.array(values, np.float32)


class TestLosses:
    def test_cross_entropy_of_a_certain_and_an_even_answer(self) -> None:
        from emrs_core.training.losses import cross_entropy

        targets = floats([[1, 0], [0.5, 0.5]])
        logits = floats([[np.log(3), 0], [0, 0]])  # shares .75 and .25; .5 and .5
        even = cross_entropy(targets, logits, floats([1, 1]))
        assert float(even) == pytest.approx((-np.log(0.75) + np.log(2)) / 2, rel=1e-5)
        weighted = cross_entropy(targets, logits, floats([3, 1]))
        assert float(weighted) == pytest.approx((-3 * np.log(0.75) + np.log(2)) / 4, rel=1e-5)
        assert float(cross_entropy(targets, logits, floats([0, 0]))) == 0.0

    def test_centre_loss_is_half_the_mean_squared_distance(self) -> None:
        from emrs_core.training.losses import centre_loss

        features, centres = floats([[1, 0], [0, 3], [9, 9]]), floats([[0, 0], [0, 1]])
        classes = floats([[1, 0], [0, 1], [0, 0]])  # the last row has no class
        assert float(centre_loss(features, centres, classes)) == pytest.approx((0.5 * 1 + 0.5 * 4) / 2)

    def test_centres_move_towards_their_rows_by_the_papers_rule(self) -> None:
        from emrs_core.training.losses import centre_step

        features, centres = floats([[2, 0], [4, 0]]), floats([[0, 0], [5, 5]])
        step = array(centre_step(features, centres, floats([[1, 0], [1, 0]])))
        np.testing.assert_allclose(step, [[(0 - 2 + 0 - 4) / 3, 0], [0, 0]])

    def test_island_loss_counts_how_far_centres_are_from_opposite(self) -> None:
        from emrs_core.training.losses import island_pairs

        assert float(island_pairs(floats([[1, 0], [0, 2]]))) == pytest.approx(2.0)
        assert float(island_pairs(floats([[1, 0], [-3, 0]]))) == pytest.approx(0.0, abs=1e-6)
        assert float(island_pairs(floats([[1, 1], [2, 2]]))) == pytest.approx(4.0)

    def test_island_step_is_the_gradient_of_its_pairs(self) -> None:
        from emrs_core.training.losses import island_pairs, island_step

        np.testing.assert_allclose(array(island_step(floats([[1, 0], [0, 2]]))), [[0, 1], [0.5, 0]], atol=1e-6)
        centres = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
        gradient, width = np.zeros_like(centres), 1e-2
        for place in np.ndindex(*centres.shape):
            shifted = [centres.copy(), centres.copy()]
            shifted[0][place] += width
            shifted[1][place] -= width
            ends = [float(island_pairs(moved)) for moved in shifted]
            gradient[place] = (ends[0] - ends[1]) / (2 * width)
        pairs_of_each = 2 * (len(centres) - 1)  # each centre stands twice in every pair; the paper takes the mean
        np.testing.assert_allclose(array(island_step(centres)), gradient / pairs_of_each, atol=2e-3)


class TestChanges:
    @pytest.fixture
    def faces(self) -> np.ndarray:
        return np.random.default_rng(1).integers(0, 256, (5, 48, 48)).astype(np.uint8)

    def test_without_changes_training_sees_what_serving_sees(self, faces: np.ndarray) -> None:
        np.testing.assert_allclose(array(prepare({"faces": faces})), standardise(faces), atol=1e-4)

    def test_a_mirrored_face_is_exactly_mirrored(self, faces: np.ndarray) -> None:
        part = AugmentationPart(0.0, 0.0, 0.0, True, 0.0, 0.0, 0.0)
        changes = draw(part, len(faces), 48, np.random.default_rng(0))
        mirrored = changes["transform"][:, 0] < 0
        assert 0 < mirrored.sum() < len(faces)
        expected = np.where(mirrored[:, None, None], faces[:, :, ::-1], faces)
        np.testing.assert_allclose(array(prepare({"faces": faces, **changes})), standardise(expected), atol=1e-4)

    def test_light_is_cut_off_at_black_and_white(self) -> None:
        ramp = np.tile(np.linspace(0, 255, 48).astype(np.uint8), (1, 48, 1))
        light = floats([[1.0, 100.0]])
        brighter = np.clip(ramp.astype(int) + 100, 0, 255).astype(np.uint8)
        np.testing.assert_allclose(array(prepare({"faces": ramp, "light": light})), standardise(brighter), atol=1e-3)

    def test_what_is_cut_out_is_the_mean_of_the_face(self, faces: np.ndarray) -> None:
        keep = np.ones(faces.shape, np.float32)
        keep[:, 10:20, 5:9] = 0
        seen = array(prepare({"faces": faces, "keep": keep}))[..., 0]
        assert (seen[:, 10:20, 5:9] == 0).all()
        np.testing.assert_allclose(seen * keep, standardise(faces)[..., 0] * keep, atol=1e-4)

    def test_a_mixed_face_is_the_weighted_mean_of_two_standardised_ones(self, faces: np.ndarray) -> None:
        share = floats([1.0, 0.5, 0.7, 0.75, 0.6])
        seen = array(prepare({"faces": faces, "share": share}))
        plain = standardise(faces)
        np.testing.assert_allclose(seen[0], plain[0], atol=1e-4)
        np.testing.assert_allclose(seen[1], 0.5 * plain[1] + 0.5 * plain[3], atol=1e-4)
        np.testing.assert_allclose(seen[3], 0.75 * plain[3] + 0.25 * plain[1], atol=1e-4)


class TestArchitectures:
    @pytest.mark.parametrize("name", ["vgg16", "resnet50", "senet50"])
    def test_each_gives_two_heads_at_every_size(self, name: str) -> None:
        from emrs_core.training.architectures import Architecture

        network = Architecture(name, TINY_WIDTH).build(size_px=None)
        for size_px in (16, 36, 48):
            said = network(np.zeros((2, size_px, size_px, 1), np.float32))
            assert {head: tuple(values.shape) for head, values in said.items()} == {"fer": (2, 7), "ferplus": (2, 8)}
        assert network.get_layer("average").output.ndim == 2

    @pytest.mark.parametrize(
        ("name", "trainable"),
        [
            # ResNet-50 has 23,508,032 before its last layer, of them 9,408 in its first, here 576; squeeze-and-
            # excitation adds 2,530,992.
            ("senet50", 23_508_032 - 9_408 + 576 + 2048 * 15 + 15 + 2_530_992),
            # VGG-16 has 14,714,688 in its convolutions; here they lack 4,224 biases and two of three colours (64 x 9
            # each) and have two numbers of batch normalisation a channel.
            ("vgg16", 14_714_688 - 4_224 - 2 * 576 + 2 * 4_224 + 512 * 15 + 15),
        ],
    )
    def test_full_width_is_the_published_network(self, name: str, trainable: int) -> None:
        from emrs_core.training.architectures import Architecture

        network = Architecture(name).build()
        assert sum(int(np.prod(weight.shape)) for weight in network.trainable_weights) == trainable

    def test_mixed_precision_keeps_weights_and_answers_in_32_bit(self) -> None:
        from emrs_core.training.architectures import Architecture

        options: dict[str, Any] = {"kernel_dtype": "mixed_bfloat16", "norm_dtype": "mixed_bfloat16"}
        network = Architecture("senet50", TINY_WIDTH).build(**options)
        assert {weight.dtype for weight in network.weights} == {"float32"}
        assert network.get_layer("stem").compute_dtype == "bfloat16"
        assert network.output["fer"].dtype == "float32"


class TestStep:
    BATCH = 6

    def trainee(self, **parts: Any) -> Any:
        import keras

        from emrs_core.training.architectures import Architecture
        from emrs_core.training.trainee import new_trainee

        keras.utils.set_random_seed(0)
        recipe = Recipe(name="x", stages=(Stage(1, 48),), data=DataPart(table="t"), **parts)
        trainee = new_trainee(Architecture("vgg16", TINY_WIDTH).build(size_px=None, dropout=0.0), recipe)
        trainee.run_eagerly = True  # a few steps are over before their graph would be made
        return trainee

    def batch(self) -> tuple[dict[str, Any], dict[str, Any]]:
        from emrs_core.training.data import LabelledFaces

        rng = np.random.default_rng(2)
        faces = rng.integers(0, 256, (self.BATCH, 48, 48)).astype(np.uint8)
        targets = targets_of(LabelledFaces(faces, np.arange(self.BATCH)), LossPart())
        return {"faces": faces}, {name: getattr(targets, name) for name in type(targets).__slots__}

    def test_the_average_keeps_its_share_of_the_weights_before_each_step(self) -> None:
        trainee = self.trainee(average=AveragePart())
        trainee.momentum.assign(0.75)
        path = [trainee.network.get_weights()]
        for _ in range(2):
            trainee.train_on_batch(*self.batch())
            path.append(trainee.network.get_weights())
        for average, first, second in zip(trainee.averaged(), path[0], path[1], strict=True):
            if first.ndim == 4:
                np.testing.assert_allclose(average, 0.75 * first + 0.25 * second, rtol=1e-4, atol=1e-6)
        assert not np.allclose(path[0][0], path[1][0])

    def test_decay_shrinks_kernels_and_nothing_else(self) -> None:
        part = OptimiserPart(rate=0.1, momentum=0.0, nesterov=False, weight_decay=1.0)
        trainee = self.trainee(optimiser=part, loss=LossPart(fer=0.0, ferplus=0.0))
        before = [(weight.path, array(weight)) for weight in trainee.network.trainable_weights]
        trainee.train_on_batch(*self.batch())
        for (path, old), weight in zip(before, trainee.network.trainable_weights, strict=True):
            factor = 0.9 if path.endswith("kernel") else 1.0
            np.testing.assert_allclose(array(weight), factor * old, rtol=1e-5, atol=1e-7)
        assert any(not path.endswith("kernel") for path, _ in before)

    @pytest.mark.parametrize("auxiliary", ["centre", "island"])
    def test_centres_follow_the_features_only_when_wanted(self, auxiliary: str) -> None:
        plain, wanted = self.trainee(), self.trainee(loss=LossPart(auxiliary=auxiliary, auxiliary_weight=1.0))
        figures = []
        for trainee in (plain, wanted):
            before = array(trainee.centres)
            figures.append(trainee.train_on_batch(*self.batch(), return_dict=True))
            assert np.allclose(array(trainee.centres), before) == (trainee is plain)
        assert figures[1]["loss"] > figures[0]["loss"]
        assert figures[1]["fer_loss"] == pytest.approx(figures[0]["fer_loss"], rel=1e-5)
