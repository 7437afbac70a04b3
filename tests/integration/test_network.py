"""The shipped networks: what they say, that both runtimes say it, and that the live one needs no Keras."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest

from emrs_core.errors import ModelError
from emrs_core.testing.faces import ASTRONAUT_FACE
from emrs_core.training.data import VOTE_COLUMNS, LabelledFaces, read_fer2013
from emrs_core.training.evaluate import HeadSource, logits_of, measure
from emrs_core.training.metrics import Bootstrap
from emrs_core.types import EMOTIONS, Emotion, FaceBox
from emrs_core.vision.artefact import load_card
from emrs_core.vision.heads import HeadLogits, softmax
from emrs_core.vision.litert import LiteRTEmotionModel, load_runner
from emrs_core.vision.preprocess import face_crop, standardise

keras_may_warn = pytest.mark.filterwarnings(
    # Keras 3.15 hands TensorFlow variables to NumPy 2 in a way that NumPy means to drop.
    "ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"
)
SIZE_LIMITS_BYTES = {"vgg16-fer": 60_000_000, "ensemble-fer": 35_000_000}
SUBSET = 500
QUICK = Bootstrap(rounds=10)

LIVE_USE = """
import sys
from pathlib import Path
import numpy as np
from emrs_core.vision.artefact import load_card
from emrs_core.vision.heads import HeadLogits
from emrs_core.vision.litert import LiteRTEmotionModel
model = LiteRTEmotionModel(Path(sys.argv[1]))
model.warm_up()
assert model.predict(np.zeros((2, 48, 48), np.uint8)).shape == (2, 7)
print(sorted({name.partition(".")[0] for name in sys.modules} & {"tensorflow", "keras", "jax", "torch", "streamlit"}))
"""


@pytest.fixture(scope="module")
def folder(repository: Path) -> Path:
    return repository / "models" / "vgg16-fer"


@pytest.fixture(scope="module")
def live(folder: Path) -> LiteRTEmotionModel:
    return LiteRTEmotionModel(folder)


@pytest.fixture(scope="module")
def astronaut() -> np.ndarray:
    from skimage import data

    return np.ascontiguousarray(data.astronaut()[:, :, ::-1])


@pytest.fixture(scope="module")
def astronaut_crops(astronaut: np.ndarray) -> np.ndarray:
    """The smiling face as a detector may box it: moved, larger and smaller by some pixels, and mirrored."""
    face = ASTRONAUT_FACE
    boxes = [
        FaceBox(face.x + dx - grow // 2, face.y + dy - grow // 2, face.width + grow, face.height + grow)
        for dx in (-6, 0, 6)
        for dy in (-6, 0, 6)
        for grow in (-6, 6)
    ]
    crops = [face_crop(astronaut, box) for box in boxes]
    return np.stack(crops + [np.ascontiguousarray(crop[:, ::-1]) for crop in crops])


@pytest.fixture(scope="module")
def public_test(shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> LabelledFaces:
    """PublicTest through the two CSV formats in which people have it."""
    rows = pd.read_parquet(shared_dir / "fer2013" / "fer2013.parquet", filters=[("usage", "==", "PublicTest")])
    pictures = [cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE) for png in rows["png"]]
    pixels = [" ".join(map(str, picture.ravel())) for picture in pictures]
    out = tmp_path_factory.mktemp("fer2013")
    table = pd.DataFrame({"emotion": rows["emotion"], "pixels": pixels, "Usage": rows["usage"]})
    table.to_csv(out / "fer2013.csv", index=False)
    votes = rows[["usage", "row", *VOTE_COLUMNS]].rename(columns={"usage": "Usage", "row": "Image name"})
    votes.to_csv(out / "fer2013new.csv", index=False)
    data = read_fer2013(out / "fer2013.csv", out / "fer2013new.csv", usage="PublicTest")
    np.testing.assert_array_equal(data.faces, np.stack(pictures))
    return data


def gap(ours: HeadLogits, theirs: HeadLogits) -> float:
    return max(float(np.abs(ours.of(head) - theirs.of(head)).max()) for head in ("fer", "ferplus"))


def test_the_astronaut_smiles_however_she_is_boxed(live: LiteRTEmotionModel, astronaut_crops: np.ndarray) -> None:
    probabilities = live.predict(astronaut_crops)
    happy = EMOTIONS.index(Emotion.HAPPY)
    assert (probabilities.argmax(axis=1) == happy).all()
    assert probabilities[:, happy].min() > 0.8


def test_live_use_loads_neither_keras_nor_tensorflow_and_says_nothing(folder: Path, repository: Path) -> None:
    line = [sys.executable, "-W", "error", "-c", LIVE_USE, str(folder)]
    done = subprocess.run(line, cwd=repository, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "[]", "")


@pytest.mark.parametrize("name", SIZE_LIMITS_BYTES)
def test_a_folder_is_within_its_size(repository: Path, name: str) -> None:
    files = (repository / "models" / name).iterdir()
    assert 0 < sum(file.stat().st_size for file in files) <= SIZE_LIMITS_BYTES[name]


def test_the_documentation_gives_the_cards_figures(folder: Path, repository: Path) -> None:
    text = (repository / "docs" / "model.md").read_text(encoding="utf-8")
    metrics = load_card(folder).metrics
    for group in ("fer", "six_class", "five_class", "ferplus"):
        for name, value in metrics[group].items():
            if f"{name}_ci" in metrics[group]:
                low, high = metrics[group][f"{name}_ci"]
                assert f"| {value:.4f} | {low:.4f}-{high:.4f} |".replace(" 0.", " .").replace("-0.", "-.") in text
    for against in metrics["shown_by_head"].values():
        for figures in against.values():
            assert f"{figures['accuracy']:.4f}".lstrip("0") in text


def test_the_comparison_gives_the_ensembles_figures(repository: Path) -> None:
    metrics = load_card(repository / "models" / "ensemble-fer").metrics
    cells = []
    for head in ("fer", "ferplus"):
        low, high = metrics[head]["accuracy_ci"]
        cells.append(f"| {metrics[head]['accuracy']:.4f} | {low:.4f}-{high:.4f} ")
    line = "".join(cells).replace(" 0.", " .").replace("-0.", "-.")
    assert line in (repository / "docs" / "model.md").read_text(encoding="utf-8")


@pytest.mark.shared_data
@pytest.mark.parametrize("name", SIZE_LIMITS_BYTES)
def test_a_card_says_what_its_network_does(repository: Path, public_test: LabelledFaces, name: str) -> None:
    live = LiteRTEmotionModel(repository / "models" / name)
    found = measure(logits_of(live, public_test.faces), public_test, live.card, bootstrap=Bootstrap())
    said = live.card.metrics
    # 8-bit arithmetic may round otherwise on another processor: a few faces of 3,579.
    for group, name in (("fer", "accuracy"), ("fer", "ece"), ("five_class", "accuracy"), ("six_class", "accuracy")):
        assert found[group][name] == pytest.approx(said[group][name], abs=0.003)
    for name in ("accuracy", "accuracy_all", "ece"):
        assert found["ferplus"][name] == pytest.approx(said["ferplus"][name], abs=0.003)
    assert (found["n"], found["ferplus"]["n"]) == (3579, 3199)


def test_the_live_network_loses_next_to_nothing_against_32_bit(live: LiteRTEmotionModel) -> None:
    by_runtime = live.card.metrics["accuracy_by_runtime"]
    served, full = by_runtime[live.card.metrics["runtime"]], by_runtime["float32"]
    assert served["fer"] >= full["fer"] - 0.003
    assert served["ferplus"] >= full["ferplus"] - 0.003


@pytest.mark.keras
@keras_may_warn
class TestKeras:
    @pytest.fixture(scope="class")
    @staticmethod
    def reference(folder: Path) -> HeadSource:
        from emrs_core.training.keras_runtime import KerasHeads

        return KerasHeads(folder)

    def test_says_what_litert_says(
        self, reference: HeadSource, live: LiteRTEmotionModel, astronaut_crops: np.ndarray
    ) -> None:
        noise = np.random.default_rng(0).integers(0, 256, (20, 48, 48)).astype(np.uint8)
        faces = np.concatenate([astronaut_crops, noise])
        ours, theirs = live.head_logits(faces), reference.head_logits(faces)
        assert (ours.ferplus.argmax(axis=1) == theirs.ferplus.argmax(axis=1)).mean() >= 0.9
        assert np.abs(ours.fer - theirs.fer).mean() < 0.1
        assert np.abs(ours.ferplus - theirs.ferplus).mean() < 0.1

    def test_exports_say_what_keras_says(
        self, reference: HeadSource, astronaut_crops: np.ndarray, tmp_path: Path
    ) -> None:
        from emrs_core.training.convert import Precision, to_litert
        from emrs_core.training.keras_runtime import KerasHeads

        assert isinstance(reference, KerasHeads)
        noise = np.random.default_rng(1).integers(0, 256, (30, 48, 48)).astype(np.uint8)
        faces = np.concatenate([astronaut_crops, noise])
        said = reference.head_logits(faces)
        for precision, tolerance in ((Precision.FLOAT32, 1e-3), (Precision.FLOAT16, 5e-3)):
            path = tmp_path / f"{precision}.tflite"
            path.write_bytes(to_litert(reference.model, (precision,), faces)[precision])
            found = load_runner(path)(standardise(faces))
            for head, temperature in reference.card.temperature.items():
                difference = softmax(found[head], temperature) - softmax(said.of(head), temperature)
                assert np.abs(difference).max() < tolerance

    @pytest.mark.shared_data
    def test_both_runtimes_reach_their_accuracy(
        self, reference: HeadSource, live: LiteRTEmotionModel, public_test: LabelledFaces
    ) -> None:
        data = public_test.subset(np.arange(SUBSET))
        found = {}
        for name, source in (("keras", reference), ("litert", live)):
            found[name] = measure(logits_of(source, data.faces), data, source.card, bootstrap=QUICK)
            assert found[name]["fer"]["accuracy"] > 0.66  # .71 on all, two and a half standard errors of 500
            assert found[name]["ferplus"]["accuracy"] > 0.83
        for head in ("fer", "ferplus"):
            assert found["litert"][head]["accuracy"] == pytest.approx(found["keras"][head]["accuracy"], abs=0.012)

    def test_arrays_that_do_not_fit_change_nothing(self) -> None:
        from emrs_core.training.model import build_vgg16
        from emrs_core.training.weights import arrays_of, load_into

        model = build_vgg16()
        before = arrays_of(model)
        assert sum(array.size for array in before.values()) == model.count_params()
        ones = {name: np.ones_like(array) for name, array in before.items()}
        lacking = {name: array for name, array in ones.items() if name != "conv3_2/gamma"}
        with pytest.raises(ModelError, match="lack 1 of 67 arrays, first 'conv3_2/gamma'"):
            load_into(model, lacking)
        with pytest.raises(ModelError, match=r"'head/kernel' has shape \(512, 7\), expected \(512, 15\)"):
            load_into(model, {**ones, "head/kernel": np.ones((512, 7))})
        for name, array in arrays_of(model).items():
            np.testing.assert_array_equal(array, before[name])

    def test_weights_survive_export_and_a_bad_export_leaves_the_old_folder(self, folder: Path, tmp_path: Path) -> None:
        from emrs_core.training.convert import Precision
        from emrs_core.training.export import export_model
        from emrs_core.training.keras_runtime import KerasHeads
        from emrs_core.training.model import build_vgg16
        from emrs_core.training.weights import arrays_of

        model = build_vgg16()
        model.load_weights(folder / "model.weights.h5")
        arrays = arrays_of(model)
        rng = np.random.default_rng(0)
        votes = np.zeros((24, 10), int)
        votes[np.arange(24), rng.integers(0, 8, 24)] = 9
        faces = LabelledFaces(rng.integers(0, 256, (24, 48, 48)).astype(np.uint8), rng.integers(0, 7, 24), votes)
        about = {"live_head": "fer", "data": {"name": "noise"}, "training": {}}
        out = tmp_path / "again"
        card = export_model(
            arrays,
            out,
            training=faces,
            validation=faces,
            about=about,
            precisions=(Precision.FLOAT32, Precision.FLOAT16),
        )
        assert card.live_head == "fer"
        assert sorted(file.name for file in out.iterdir()) == ["card.json", "model.tflite", "model.weights.h5"]
        assert [entry.name for entry in tmp_path.iterdir()] == ["again"]
        assert card.files["model.weights.h5"] == load_card(folder).files["model.weights.h5"]
        assert gap(LiteRTEmotionModel(out).head_logits(faces.faces), KerasHeads(out).head_logits(faces.faces)) < 5e-3
        before = (out / "card.json").read_text()
        spoilt = {**arrays, "head/bias": np.full(15, np.nan)}
        with pytest.raises(ModelError, match="'head/bias' holds values that are not finite"):
            export_model(spoilt, out, training=faces, validation=faces, about=about)
        assert (out / "card.json").read_text() == before
        assert [entry.name for entry in tmp_path.iterdir()] == ["again"]
