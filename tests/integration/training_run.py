"""A small recipe on drawn faces, and the command that trains by it, in a process of its own or in this one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from emrs_core.cli.main import main
from emrs_core.testing.labelled import write_fer_tables

TRAINING, VALIDATION, EPOCHS = 210, 56, 5
RUN_TIMEOUT_S = 160
ONE_THREAD = {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}

# Rate and batch leave a margin: with six seeds the network read .80 to .93 of the validation faces, where half is asked
# for. Rounding differs from processor to processor, and so does where so short a run ends.
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
batch = 10
rate = 0.02
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


def write_tables(folder: Path) -> Path:
    """The folder, with faces and the recipe in it."""
    write_fer_tables(folder, TRAINING, VALIDATION)
    (folder / "tiny.toml").write_text(RECIPE.format(folder=folder.as_posix()))
    return folder


def start(repository: Path, recipe: Path, runs: Path, *options: str) -> subprocess.Popen[str]:
    line = [sys.executable, "-m", "emrs_core", "train", str(recipe), "--runs", str(runs), *options]
    environment = {**os.environ, **ONE_THREAD, "KERAS_BACKEND": "tensorflow"}
    pipe = subprocess.PIPE
    return subprocess.Popen(line, cwd=repository, env=environment, stdout=pipe, stderr=pipe, text=True)


def train(repository: Path, tables: Path) -> tuple[Path, str]:
    """The folder of a run from beginning to end, and what it printed."""
    process = start(repository, tables / "tiny.toml", tables / "whole")
    out, err = process.communicate(timeout=RUN_TIMEOUT_S)
    assert process.returncode == 0, err
    return tables / "whole" / "tiny", out


def command(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return int(left.value.code or 0), out, err
