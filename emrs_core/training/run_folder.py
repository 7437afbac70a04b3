"""The folder of a run: recipe, data hashes, seed, versions, duplicates, history, checkpoint, best weights, metrics."""

from __future__ import annotations

import json
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from emrs_core.errors import TrainingError, UsageError
from emrs_core.storage import write_atomically
from emrs_core.training.checkpoint import CHECKPOINT_FILE, read_arrays, write_arrays
from emrs_core.training.history import HISTORY_FILE, EpochRow, history_table
from emrs_core.training.recipe import Recipe
from emrs_core.training.recipe_file import read_recipe
from emrs_core.training.splits import Splits, duplicates_table

RECIPE_FILE = "recipe.toml"
RUN_FILE = "run.json"
DUPLICATES_FILE = "duplicates.csv"
BEST_FILE = "best.npz"
METRICS_FILE = "metrics.json"
CURVES_FILE = "curves.html"
MODEL_FOLDER = "model"

PACKAGES = ("keras", "tensorflow", "jax", "torch", "numpy", "opencv-python-headless")


class RunFolder:
    """Reads and writes the files of one run; each appears whole or not at all. Raises StorageError when it cannot."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def checkpoint(self) -> Path:
        return self.path / CHECKPOINT_FILE

    @property
    def exists(self) -> bool:
        """Whether a run has begun here."""
        return (self.path / RECIPE_FILE).is_file()

    def require_new(self) -> None:
        """Raise UsageError when there is a run in it already."""
        if self.exists:
            raise UsageError(
                f"{self.path} holds a run already. Go on with it by --resume, or give the recipe another name."
            )

    def recipe(self) -> Recipe:
        """The recipe of the run. Raises TrainingError when the folder holds no run, SettingsError for a bad recipe."""
        if not self.exists:
            raise TrainingError(f"{self.path} is not the folder of a run: {RECIPE_FILE} is missing.")
        return read_recipe(self.path / RECIPE_FILE)

    def require_same(self, recipe: Recipe) -> None:
        """Raise UsageError naming the parts in which ``recipe`` is not that of the run."""
        old = self.recipe()
        differing = [name for name in Recipe.__slots__ if getattr(old, name) != getattr(recipe, name)]
        if differing:
            raise UsageError(
                f"The recipe differs from that of {self.path} in: {', '.join(differing)}. A run can only go on as it "
                "began; give the changed recipe another name."
            )

    def begin(self, recipe_text: bytes, recipe: Recipe, hashes: dict[str, str], splits: Splits, backend: str) -> None:
        """Write what the run rests on, and the duplicates that were found; the recipe last, as it makes it a run."""
        content = {
            "name": recipe.name,
            "seed": recipe.seed,
            "backend": backend,
            "versions": {"python": platform.python_version(), **_versions()},
            "data": hashes,
            "training": len(splits.training),
            "validation": len(splits.validation),
            "not_faces_left_out": splits.not_faces,
            "duplicates_across_splits": len(splits.duplicates),
            "duplicates_left_out": splits.dropped,
            "repeated_in_training": splits.repeated_in_training,
        }
        self._write(DUPLICATES_FILE, duplicates_table(splits.duplicates).encode())
        self._write(RUN_FILE, _json(content))
        self._write(RECIPE_FILE, recipe_text)

    def require_same_data(self, hashes: dict[str, str]) -> None:
        """Raise TrainingError when the data are not those with which the run began."""
        path = self.path / RUN_FILE
        try:
            old = json.loads(path.read_text(encoding="utf-8"))["data"]
        except (OSError, ValueError, KeyError, TypeError) as exc:
            raise TrainingError(f"{path} cannot be read ({exc}). Start the run again under another name.") from exc
        changed = [name for name, digest in hashes.items() if old.get(name) != digest]
        if changed:
            raise TrainingError(f"{', '.join(changed)}: not the data with which the run began. Put them back.")

    def write_history(self, rows: list[EpochRow]) -> None:
        self._write(HISTORY_FILE, history_table(rows).encode())

    def write_best(self, weights: list[Any], epoch: int) -> None:
        """Keep the weights of an epoch, in the order of ``network.get_weights()``."""
        write_arrays(self.path / BEST_FILE, weights, json.dumps({"epoch": epoch}))

    def best_weights(self) -> list[Any]:
        """The weights kept. Raises TrainingError when there are none."""
        return list(read_arrays(self.path / BEST_FILE)[0])

    def write_metrics(self, metrics: dict[str, Any]) -> None:
        self._write(METRICS_FILE, _json(metrics))

    def write_curves(self, page: str) -> None:
        self._write(CURVES_FILE, page.encode())

    def _write(self, name: str, content: bytes) -> None:
        write_atomically(self.path / name, content)


def _json(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, indent=2) + "\n").encode()


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
