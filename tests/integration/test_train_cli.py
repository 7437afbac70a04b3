"""The command ``train`` on drawn faces: a whole run, and one that is killed and taken up again; then the export."""

from __future__ import annotations

import json
import shutil
import signal
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from emrs_core.training.history import EpochRow, read_history
from emrs_core.vision.artefact import load_card
from tests.integration.training_run import EPOCHS, RUN_TIMEOUT_S, TRAINING, VALIDATION, command, start

pytestmark = [
    pytest.mark.keras,
    # Keras 3.15 hands TensorFlow variables to NumPy 2 in a way that NumPy means to drop.
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"),
]
LOOK_EVERY_S = 0.01
LAST = ((1, 2), (2, 2), (3, 3), (4, 3), (5, 3))
"""The VGG's last convolution before each pooling, by block and place."""


def test_a_run_learns_and_leaves_everything_in_its_folder(whole_run: tuple[Path, str], tables: Path) -> None:
    run, printed = whole_run
    assert {file.name for file in run.iterdir()} == {
        *("recipe.toml", "run.json", "duplicates.csv", "history.csv", "checkpoint.npz", "best.npz"),
        *("metrics.json", "curves.html"),
    }
    assert (run / "recipe.toml").read_bytes() == (tables / "tiny.toml").read_bytes()
    about = json.loads((run / "run.json").read_text())
    assert (about["seed"], about["training"], about["validation"]) == (3, TRAINING, VALIDATION)
    assert set(about["versions"]) >= {"python", "keras", "tensorflow", "numpy"}
    assert all(len(digest) == 64 for digest in about["data"].values())
    rows = read_history(run / "history.csv")
    assert [row.size_px for row in rows] == [24, 24, 48, 48, 48]
    assert rows[-1].loss < rows[0].loss
    metrics = json.loads((run / "metrics.json").read_text())
    assert metrics["n"] == VALIDATION
    assert metrics["fer"]["accuracy"] > 0.5  # chance is .14
    assert metrics["ferplus"]["accuracy"] > 0.5
    assert f"fer {metrics['fer']['accuracy']:.4f}" in printed
    assert "val_ferplus_accuracy" in (run / "history.csv").read_text()
    page = (run / "curves.html").read_text()
    assert "validation, FER+" in page
    assert "<script src" not in page  # it needs no other file


def test_epochs_may_be_judged_by_what_training_never_held(
    tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One validation picture under a wrong label is Training's too: all others are read rightly, and it is left out."""
    for name in ("fer2013.csv", "fer2013new.csv"):
        shutil.copy(tables / name, tmp_path)
    first = next(row for row in (tables / "fer2013.csv").read_text().splitlines() if row.endswith("Training"))
    label, pixels, _ = first.split(",")
    with (tmp_path / "fer2013.csv").open("a") as file:
        file.write(f"{(int(label) + 1) % 7},{pixels},PublicTest\n")
    with (tmp_path / "fer2013new.csv").open("a") as file:
        file.write("PublicTest,again.png," + ",".join(["0"] * 10) + "\n")
    path = tmp_path / "tiny.toml"
    recipe = (tables / "tiny.toml").read_text().replace(tables.as_posix(), tmp_path.as_posix())
    path.write_text('keep = "best_unseen"' + recipe)
    code, _, err = command(capsys, "train", path, "--runs", tmp_path / "runs")
    assert code == 0, err
    assert f"{VALIDATION} to judge by" in err
    run = tmp_path / "runs" / "tiny"
    judged = max(row.val_accuracy for row in read_history(run / "history.csv") if row.size_px == 48)
    measured = json.loads((run / "metrics.json").read_text())
    assert measured["n"] == VALIDATION + 1
    assert measured["fer"]["accuracy"] * measured["n"] == pytest.approx(judged * VALIDATION)


def test_a_killed_run_goes_on_to_the_same_weights(whole_run: tuple[Path, str], repository: Path, tables: Path) -> None:
    run = tables / "killed" / "tiny"
    process = start(repository, tables / "tiny.toml", tables / "killed")
    deadline = time.monotonic() + RUN_TIMEOUT_S
    while not (run / "checkpoint.npz").exists() or len(read_history_if_there(run)) < 2:
        assert time.monotonic() < deadline
        assert process.poll() is None, process.communicate()[1]
        time.sleep(LOOK_EVERY_S)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    done = len(read_history(run / "history.csv"))
    assert 2 <= done < EPOCHS
    resumed = start(repository, tables / "tiny.toml", tables / "killed", "--resume")
    _, err = resumed.communicate(timeout=RUN_TIMEOUT_S)
    assert resumed.returncode == 0, err
    assert f"Going on after epoch {done} of {EPOCHS}" in err
    for name in ("checkpoint.npz", "best.npz"):
        with np.load(whole_run[0] / name) as whole, np.load(run / name) as again:
            assert whole.files == again.files
            for array in set(whole.files) - {"about"}:
                np.testing.assert_array_equal(again[array], whole[array])
    assert [untimed(row) for row in read_history(run / "history.csv")] == [
        untimed(row) for row in read_history(whole_run[0] / "history.csv")
    ]
    assert (run / "metrics.json").read_bytes() == (whole_run[0] / "metrics.json").read_bytes()


def read_history_if_there(run: Path) -> list[EpochRow]:
    return read_history(run / "history.csv") if (run / "history.csv").exists() else []


def untimed(row: EpochRow) -> EpochRow:
    return replace(row, seconds=0.0)


def test_a_run_becomes_a_model_folder_that_both_runtimes_read(
    whole_run: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from emrs_core.training.keras_runtime import KerasHeads
    from emrs_core.vision.litert import LiteRTEmotionModel

    out = tmp_path / "tiny-model"
    assert command(capsys, "export-model", "--from-run", whole_run[0], "--out", out)[0] == 0
    card = load_card(out)
    assert (card.training["architecture"], card.training["width"]) == ("vgg16", 0.0625)
    assert card.training["loss"]["auxiliary"] == "island"
    assert (out / "history.csv").read_bytes() == (whole_run[0] / "history.csv").read_bytes()
    metrics = json.loads((whole_run[0] / "metrics.json").read_text())
    assert card.metrics["accuracy_by_runtime"]["float32"]["fer"] == pytest.approx(
        metrics["fer"]["accuracy"], abs=2 / VALIDATION
    )
    faces = np.random.default_rng(0).integers(0, 256, (3, 48, 48)).astype(np.uint8)
    gap = LiteRTEmotionModel(out).head_logits(faces).fer - KerasHeads(out).head_logits(faces).fer
    assert np.abs(gap).max() < 0.5  # the served network may hold 8-bit weights


def test_runs_become_an_ensemble_that_gives_the_mean_of_their_probabilities(
    whole_run: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from emrs_core.training.inside import LookRequest
    from emrs_core.training.inside_network import InsideNetwork
    from emrs_core.training.keras_runtime import KerasHeads
    from emrs_core.training.outcome import kept_network
    from emrs_core.training.run_folder import RunFolder
    from emrs_core.vision.heads import softmax
    from emrs_core.vision.litert import LiteRTEmotionModel
    from emrs_core.vision.preprocess import standardise

    other = tmp_path / "other"
    shutil.copytree(whole_run[0], other)
    recipe = RunFolder(other).recipe()
    network, _ = kept_network(recipe, RunFolder(other))
    weights = [weight.astype(np.float16).astype(np.float32) for weight in network.get_weights()]
    weights[-1] = np.arange(15, dtype=np.float32) / 4  # the head's bias: this member sees things differently
    RunFolder(other).write_best(weights, 1)
    out = tmp_path / "pair"
    code, _, err = command(capsys, "export-model", "--from-run", whole_run[0], "--from-run", other, "--out", out)
    assert code == 0, err
    card = load_card(out)
    assert card.training["members"] == [{"architecture": "vgg16", "width": 0.0625}] * 2
    faces = np.random.default_rng(0).integers(0, 256, (3, 48, 48)).astype(np.uint8)
    members = [kept_network(recipe, RunFolder(folder))[0] for folder in (whole_run[0], other)]
    said = [softmax(np.asarray(member.predict_on_batch(standardise(faces))["fer"])) for member in members]
    assert np.abs(said[0] - said[1]).max() > 0.01
    mean = (said[0] + said[1]) / 2
    np.testing.assert_allclose(softmax(KerasHeads(out).head_logits(faces).fer), mean, atol=2e-3)  # 16-bit kernels
    np.testing.assert_allclose(softmax(LiteRTEmotionModel(out).head_logits(faces).fer), mean, atol=0.05)  # 8-bit
    inside = InsideNetwork(out)
    first, second = (
        inside.look(LookRequest(faces[0], f"member{k}.relu3_3", None, f"member{k}.relu4_3")) for k in (1, 2)
    )
    assert first.cam_layers == tuple(f"member{k}.relu{block}_{last}" for k in (1, 2) for block, last in LAST)
    assert first.maps.shape == second.maps.shape == (16, 12, 12)
    np.testing.assert_allclose(first.maps, second.maps, atol=5e-3)  # alike up to rounding, but for the heads
    assert first.cam.shape == second.cam.shape == (6, 6)
    assert sum(first.probabilities) == pytest.approx(1.0, abs=1e-4)
