"""The command ``train`` on drawn faces: a whole run, one that is killed and taken up again, and bad input."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from emrs_core.cli.main import main
from emrs_core.testing.labelled import write_fer_tables
from emrs_core.training.history import EpochRow, read_history
from emrs_core.vision.artefact import load_card

pytestmark = [
    pytest.mark.keras,
    # Keras 3.15 hands TensorFlow variables to NumPy 2 in a way that NumPy means to drop.
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"),
]
TRAINING, VALIDATION, EPOCHS = 210, 56, 5
RUN_TIMEOUT_S = 160
LOOK_EVERY_S = 0.01
ONE_THREAD = {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}

RECIPE = """
name = "tiny"
seed = 3
export = false
[data]
table = "{folder}/fer2013.csv"
ferplus = "{folder}/fer2013new.csv"
[network]
width = 0.0625
dropout = 0.2
[loss]
auxiliary = "island"
class_weights = "balanced"
[augmentation]
rotation_deg = 5
shift = 0.03
scale = 0.05
[optimiser]
batch = 15
rate = 0.05
[average]
momentum = 0.9
final_momentum = 0.8
[[stages]]
epochs = 2
size_px = 24
[[stages]]
epochs = 3
size_px = 48
"""


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faces")
    write_fer_tables(folder, TRAINING, VALIDATION)
    (folder / "tiny.toml").write_text(RECIPE.format(folder=folder.as_posix()))
    return folder


def start(repository: Path, recipe: Path, runs: Path, *options: str) -> subprocess.Popen[str]:
    line = [sys.executable, "-m", "emrs_core", "train", str(recipe), "--runs", str(runs), *options]
    environment = {**os.environ, **ONE_THREAD, "KERAS_BACKEND": "tensorflow"}
    pipe = subprocess.PIPE
    return subprocess.Popen(line, cwd=repository, env=environment, stdout=pipe, stderr=pipe, text=True)


@pytest.fixture(scope="module")
def whole_run(repository: Path, tables: Path) -> tuple[Path, str]:
    """The folder of a run from beginning to end, and what it printed."""
    process = start(repository, tables / "tiny.toml", tables / "whole")
    out, err = process.communicate(timeout=RUN_TIMEOUT_S)
    assert process.returncode == 0, err
    return tables / "whole" / "tiny", out


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


def command(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return int(left.value.code or 0), out, err


class TestBadInput:
    def test_a_bad_recipe_is_refused_before_any_data_is_read(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "bad.toml"
        path.write_text(RECIPE.format(folder="nowhere").replace("dropout = 0.2", "dropout = 2"))
        code, _, err = command(capsys, "train", path, "--runs", tmp_path / "runs")
        assert code == 2
        assert "bad.toml, key 'network.dropout': expected a number of at least 0 and below 1, got 2.0." in err
        assert not (tmp_path / "runs").exists()

    @pytest.mark.parametrize(
        ("fault", "said"),
        [
            ("truncated", "row 3 (line 4), column 'Usage': the row ends after 2 of 3 columns"),
            ("label", "row 3 (line 4), column 'emotion': expected a whole number from 0 to 6, got '9'"),
            ("missing", "cannot be opened"),
        ],
    )
    def test_bad_data_are_named_by_file_and_row_and_leave_no_run(
        self, tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], fault: str, said: str
    ) -> None:
        lines = (tables / "fer2013.csv").read_text().splitlines()[:5]
        lines[3] = lines[3][:50] if fault == "truncated" else "9" + lines[3][1:]
        if fault != "missing":
            (tmp_path / "fer2013.csv").write_text("\n".join(lines) + "\n")
        (tmp_path / "fer2013new.csv").write_text((tables / "fer2013new.csv").read_text())
        path = tmp_path / "tiny.toml"
        path.write_text(RECIPE.format(folder=tmp_path.as_posix()))
        code, _, err = command(capsys, "train", path, "--runs", tmp_path / "runs")
        assert code == 1
        assert str(tmp_path / "fer2013.csv") in err
        assert said in err
        assert not (tmp_path / "runs").exists()

    def test_a_run_is_not_overwritten_and_goes_on_only_as_it_began(
        self, whole_run: tuple[Path, str], tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        runs = whole_run[0].parent
        code, _, err = command(capsys, "train", tables / "tiny.toml", "--runs", runs)
        assert code == 2
        assert "holds a run already. Go on with it by --resume" in err
        other = tmp_path / "tiny.toml"
        other.write_text((tables / "tiny.toml").read_text().replace("rate = 0.05", "rate = 0.01"))
        code, _, err = command(capsys, "train", other, "--runs", runs, "--resume")
        assert code == 2
        assert "The recipe differs from that of" in err
        assert "in: optimiser." in err

    def test_changed_data_and_a_damaged_checkpoint_stop_a_run_that_goes_on(
        self, whole_run: tuple[Path, str], tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        run = tmp_path / "runs" / "tiny"
        run.mkdir(parents=True)
        for file in whole_run[0].iterdir():
            (run / file.name).write_bytes(file.read_bytes())
        (run / "checkpoint.npz").write_bytes((run / "checkpoint.npz").read_bytes()[:1000])
        code, _, err = command(capsys, "train", tables / "tiny.toml", "--runs", run.parent, "--resume")
        assert code == 1
        assert "checkpoint.npz cannot be read" in err
        about = json.loads((run / "run.json").read_text())
        about["data"] = dict.fromkeys(about["data"], "0" * 64)
        (run / "run.json").write_text(json.dumps(about))
        code, _, err = command(capsys, "train", tables / "tiny.toml", "--runs", run.parent, "--resume")
        assert code == 1
        assert "not the data with which the run began" in err

    @pytest.mark.parametrize(("backend", "said"), [("theano", "expected one of"), ("torch", "not installed")])
    def test_a_backend_that_is_not_there_is_named(
        self,
        tables: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        backend: str,
        said: str,
    ) -> None:
        monkeypatch.setenv("KERAS_BACKEND", backend)
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
        code, _, err = command(capsys, "train", tables / "tiny.toml", "--runs", tmp_path)
        assert code == 2
        assert f"KERAS_BACKEND is '{backend}'" in err
        assert said in err
        assert not list(tmp_path.iterdir())

    def test_an_export_needs_a_run(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        code, _, err = command(capsys, "export-model", "--from-run", tmp_path, "--out", tmp_path / "out")
        assert code == 1
        assert "is not the folder of a run: recipe.toml is missing" in err
        code, _, err = command(capsys, "export-model", "--out", tmp_path / "out")
        assert code == 2
        assert "either as --from-npz FILE or as --from-run FOLDER" in err
