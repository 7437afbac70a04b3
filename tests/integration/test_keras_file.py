"""Weights files that Keras cannot read as they are: each refused in a sentence, by the command that meets it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import h5py
import numpy as np
import pytest

from emrs_core.testing.labelled import write_fer_tables
from emrs_core.vision.artefact import CARD_FILE, KERAS_FILE, sha256_of
from tests.integration.training_run import RECIPE, command

pytestmark = [
    pytest.mark.keras,
    # Keras 3.15 hands TensorFlow variables to NumPy 2 in a way that NumPy means to drop.
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"),
]


def written_by_keras_2(path: Path) -> None:
    """The layout of Keras 2's ``save_weights``: groups by layer name, listed in an attribute."""
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [b"conv1_1"]
        file.attrs["keras_version"] = b"2.15.0"
        layer = file.create_group("conv1_1")
        layer.attrs["weight_names"] = [b"conv1_1/kernel:0"]
        layer["conv1_1/kernel:0"] = np.zeros((3, 3, 1, 64), np.float32)


def of_another_network(path: Path) -> None:
    """Keras 3's layout, of a network with one small layer."""
    with h5py.File(path, "w") as file:
        file["layers/dense/vars/0"] = np.zeros((2, 2), np.float32)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


@pytest.fixture(params=[written_by_keras_2, of_another_network, cut_short])
def folder(request: pytest.FixtureRequest, repository: Path, tmp_path: Path) -> Path:
    """A model folder with such a file, its card telling the file's own SHA-256."""
    folder = tmp_path / "model"
    shutil.copytree(repository / "models" / "vgg16-fer", folder)
    request.param(folder / KERAS_FILE)
    card = json.loads((folder / CARD_FILE).read_text())
    card["files"][KERAS_FILE] = sha256_of(folder / KERAS_FILE)
    (folder / CARD_FILE).write_text(json.dumps(card))
    return folder


def expected(folder: Path) -> str:
    with_mark = b"layer_names" in (folder / KERAS_FILE).read_bytes()
    return "was written by Keras 2, expected" if with_mark else "does not hold the weights of this vgg16"


def test_evaluate_says_what_is_wrong_with_the_file(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_fer_tables(tmp_path, 4, 4)
    data = ("--data", tmp_path / "fer2013.csv", "--usage", "PublicTest")
    code, _, err = command(capsys, "evaluate", *data, "--model", folder, "--runtime", "keras")
    assert code == 1
    assert f"{folder / KERAS_FILE} {expected(folder)}" in err


def test_training_does_not_begin_from_it(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_fer_tables(tmp_path, 30, 8)
    recipe = RECIPE.format(folder=tmp_path.as_posix())
    recipe = recipe.replace("width = 0.0625", f'start = "{folder.as_posix()}"')
    (tmp_path / "again.toml").write_text(recipe)
    code, out, err = command(capsys, "train", tmp_path / "again.toml", "--runs", tmp_path / "runs")
    assert code == 1
    assert f"{folder / KERAS_FILE} {expected(folder)}" in err
    assert "epoch" not in out


def test_an_older_keras_is_named_before_the_file_is_opened(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("emrs_core.training.keras_file.version", lambda package: "2.15.0")
    write_fer_tables(tmp_path, 4, 4)
    data = ("--data", tmp_path / "fer2013.csv", "--usage", "PublicTest")
    code, _, err = command(
        capsys, "evaluate", *data, "--model", repository / "models" / "vgg16-fer", "--runtime", "keras"
    )
    assert code == 1
    assert "Keras 2.15.0 is installed, expected 3 or newer" in err
