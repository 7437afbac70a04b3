"""Which head is measured against which labels; how a precision is chosen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from emrs_core.errors import DatasetError, ModelError
from emrs_core.training.choice import Candidate, choose
from emrs_core.training.convert import Precision
from emrs_core.training.data import CONTEMPT_LABEL, LabelledFaces
from emrs_core.training.evaluate import live_head_figures, logits_of, measure
from emrs_core.training.metrics import Bootstrap
from emrs_core.types import EMOTIONS
from emrs_core.vision.artefact import ModelCard
from emrs_core.vision.heads import HeadLogits
from emrs_core.vision.preprocess import SCALING

SEVEN = tuple(str(emotion) for emotion in EMOTIONS)
EIGHT = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
QUICK = Bootstrap(rounds=20)
HAPPY, SAD, NEUTRAL = 3, 4, 6


def card(**changes: Any) -> ModelCard:
    fields: dict[str, Any] = {
        "name": "tiny",
        "labels": SEVEN,
        "heads": {"fer": SEVEN, "ferplus": EIGHT},
        "live_head": "ferplus",
        "temperature": {"fer": 1.0, "ferplus": 1.0},
        "input": {"size": 48, "channels": 1, "scaling": SCALING},
        **{key: {} for key in ("data", "metrics", "training", "files")},
    }
    return ModelCard(**(fields | changes))


def saying(fer: list[int], ferplus: list[int], loud: float = 5.0) -> HeadLogits:
    return HeadLogits(
        fer=np.eye(7, dtype=np.float32)[fer] * np.float32(loud),
        ferplus=np.eye(8, dtype=np.float32)[ferplus] * np.float32(loud),
    )


def labelled(labels: list[int], votes: list[str] | None = None) -> LabelledFaces:
    counts = None if votes is None else np.array([[int(digit) for digit in row] for row in votes])
    return LabelledFaces(np.zeros((len(labels), 48, 48), np.uint8), np.array(labels), counts)


def test_both_heads_are_measured_each_against_its_own_labels() -> None:
    data = labelled([HAPPY, SAD], ["0900000000", "8000000000"])
    result = measure(saying([HAPPY, NEUTRAL], [1, 0]), data, card(), bootstrap=QUICK)
    assert result["n"] == 2
    assert result["fer"]["accuracy"] == 0.5
    assert result["ferplus"]["accuracy"] == 1.0
    assert set(result) == {"n", "fer", "six_class", "five_class", "ferplus"}


def test_head_keeps_one_head() -> None:
    data = labelled([HAPPY], ["0900000000"])
    logits = saying([HAPPY], [1])
    assert set(measure(logits, data, card(), head="fer", bootstrap=QUICK)) == {"n", "fer", "six_class", "five_class"}
    assert set(measure(logits, data, card(), head="ferplus", bootstrap=QUICK)) == {"n", "ferplus"}


def test_without_votes_the_ferplus_head_is_measured_against_the_labels_when_asked() -> None:
    data = labelled([HAPPY, CONTEMPT_LABEL, SAD])
    logits = saying([HAPPY, HAPPY, HAPPY], [1, 7, 0])
    assert "ferplus" not in measure(logits, data, card(), bootstrap=QUICK)
    result = measure(logits, data, card(), head="ferplus", bootstrap=QUICK)
    assert result["ferplus"]["n"] == 3
    assert result["ferplus"]["accuracy"] == pytest.approx(2 / 3, abs=1e-6)


def test_contempt_does_not_count_for_the_head_that_does_not_know_it() -> None:
    result = measure(saying([HAPPY, HAPPY], [1, 1]), labelled([HAPPY, CONTEMPT_LABEL]), card(), bootstrap=QUICK)
    assert (result["n"], result["fer"]["n"], result["fer"]["accuracy"]) == (2, 1, 1.0)
    with pytest.raises(DatasetError, match="All pictures are labelled contempt"):
        measure(saying([HAPPY], [1]), labelled([CONTEMPT_LABEL]), card(), bootstrap=QUICK)


def test_the_order_of_the_cards_labels_is_followed() -> None:
    turned = card(heads={"fer": SEVEN[::-1], "ferplus": EIGHT[::-1]})
    data = labelled([HAPPY, SAD], ["0900000000", "0009000000"])
    result = measure(saying([6 - HAPPY, 6 - SAD], [7 - 1, 7 - 3]), data, turned, bootstrap=QUICK)
    assert (result["fer"]["accuracy"], result["ferplus"]["accuracy"]) == (1.0, 1.0)


def test_the_temperature_changes_the_calibration_error_and_nothing_else() -> None:
    data, logits = labelled([HAPPY, SAD]), saying([HAPPY, HAPPY], [1, 1])
    plain = measure(logits, data, card(), bootstrap=QUICK)["fer"]
    soft = measure(logits, data, card(temperature={"fer": 9.0, "ferplus": 1.0}), bootstrap=QUICK)["fer"]
    assert soft["accuracy"] == plain["accuracy"]
    assert soft["ece"] < plain["ece"]


def test_what_is_shown_is_compared_with_both_labels() -> None:
    data = labelled([HAPPY, SAD, SAD], ["0900000000", "9000000000", "0000000900"])
    figures = live_head_figures(saying([HAPPY, SAD, SAD], [1, 0, 7]), data, card())
    assert figures["fer"]["against_fer"]["accuracy"] == 1.0
    shown = figures["ferplus"]["against_ferplus_majority"]
    assert (shown["n"], shown["accuracy"], shown["ece"]) == (2, 1.0, pytest.approx(0.039, abs=0.01))
    assert np.array(shown["confusion"]).sum() == 2
    assert shown["per_class"]["happy"] == {"n": 1, "precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert figures["fer"]["against_ferplus_majority"]["accuracy"] == 0.5


def test_batches_are_joined_and_counted() -> None:
    class Source:
        card = card()

        def head_logits(self, faces: np.ndarray) -> HeadLogits:
            return saying([int(face[0, 0]) % 7 for face in faces], [0] * len(faces))

    faces = np.arange(150, dtype=np.uint8)[:, None, None].repeat(48, 1).repeat(48, 2)
    done: list[int] = []
    logits = logits_of(Source(), faces, done.append)
    assert logits.fer.argmax(axis=1).tolist() == [n % 7 for n in range(150)]
    assert sum(done) == 150
    assert len(done) > 1


def candidate(precision: Precision, fer: float, ferplus: float, cpu_ms: float, megabytes: int) -> Candidate:
    shares = {"fer": fer, "ferplus": ferplus}
    return Candidate(precision, saying([0], [0]), shares, cpu_ms, megabytes * 1_000_000)


def test_the_fastest_precision_that_fits_and_loses_next_to_nothing_is_chosen() -> None:
    full = candidate(Precision.FLOAT32, 0.71, 0.87, 9.0, 59)
    half = candidate(Precision.FLOAT16, 0.71, 0.87, 8.0, 29)
    small = candidate(Precision.INT8_DYNAMIC, 0.7071, 0.875, 2.0, 15)
    lossy = candidate(Precision.INT8_FULL, 0.75, 0.866, 1.0, 15)
    assert choose([full, half, small, lossy], 30_000_000) is small
    assert choose([full, half, lossy], 30_000_000) is half
    with pytest.raises(ModelError, match="No precision is both within 30 MB"):
        choose([full, lossy], 30_000_000)
