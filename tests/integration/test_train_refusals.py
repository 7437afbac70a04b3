"""The command ``train`` and bad input: each named, and nothing left behind or overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.training_run import RECIPE, command

pytestmark = [
    pytest.mark.keras,
    # Keras 3.15 hands TensorFlow variables to NumPy 2 in a way that NumPy means to drop.
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"),
]


def test_a_bad_recipe_is_refused_before_any_data_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
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
    tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], fault: str, said: str
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


def test_a_run_that_nothing_unseen_could_judge_is_not_begun(
    tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("fer2013.csv", "fer2013new.csv"):
        header, *rows = (tables / name).read_text().splitlines()
        learned = [row for row in rows if "PublicTest" not in row]
        repeated = [row.replace("Training", "PublicTest") for row in learned[:7]]
        (tmp_path / name).write_text("\n".join([header, *learned, *repeated]) + "\n")
    path = tmp_path / "tiny.toml"
    path.write_text('keep = "best_unseen"' + RECIPE.format(folder=tmp_path.as_posix()))
    code, _, err = command(capsys, "train", path, "--runs", tmp_path / "runs")
    assert code == 1
    assert 'keep = "best_unseen" has none to judge by' in err
    assert not (tmp_path / "runs").exists()


def test_a_run_is_not_overwritten_and_goes_on_only_as_it_began(
    whole_run: tuple[Path, str], tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = whole_run[0].parent
    code, _, err = command(capsys, "train", tables / "tiny.toml", "--runs", runs)
    assert code == 2
    assert "holds a run already. Go on with it by --resume" in err
    other = tmp_path / "tiny.toml"
    other.write_text((tables / "tiny.toml").read_text().replace("rate = 0.02", "rate = 0.01"))
    code, _, err = command(capsys, "train", other, "--runs", runs, "--resume")
    assert code == 2
    assert "The recipe differs from that of" in err
    assert "in: optimiser." in err


def test_changed_data_and_a_damaged_checkpoint_stop_a_run_that_goes_on(
    whole_run: tuple[Path, str], tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
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


def test_an_export_needs_a_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = command(capsys, "export-model", "--from-run", tmp_path, "--out", tmp_path / "out")
    assert code == 1
    assert "is not the folder of a run: recipe.toml is missing" in err
    code, _, err = command(capsys, "export-model", "--out", tmp_path / "out")
    assert code == 2
    assert "either as --from-npz FILE or as --from-run FOLDER" in err
