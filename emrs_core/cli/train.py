"""``train``: a network from labelled faces, as a recipe says."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from emrs_core.errors import UsageError
from emrs_core.training.history import EpochRow
from emrs_core.training.recipe import Recipe
from emrs_core.training.recipe_file import read_recipe
from emrs_core.training.run_folder import MODEL_FOLDER, RunFolder
from emrs_core.training.splits import Splits, data_hashes, read_splits

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

RUNS = Path("runs")
BACKENDS = ("tensorflow", "jax", "torch")
CLEAR_LINE = "\r\x1b[K"
"""Takes a terminal back to the beginning of an emptied line."""


@click.command(epilog="Example: python -m emrs_core train models/recipes/vgg16-fer.toml --resume")
@click.argument("config", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--resume", is_flag=True, help="Go on with the run where its last epoch ended, if it has begun.")
@click.option("--runs", type=click.Path(file_okay=False, path_type=Path), default=RUNS, show_default=True)
def train(config: Path, resume: bool, runs: Path) -> None:
    """Train a network as the recipe CONFIG (TOML) says, into the folder RUNS/NAME.

    The recipe is checked before any data is read. Every epoch leaves a checkpoint; a run that was killed goes on with
    --resume to the same end as without the kill. At the end: metrics.json, curves.html and, if the recipe wants it,
    the model folder `model`. KERAS_BACKEND may be tensorflow, jax or torch; the model folder needs tensorflow.
    """
    recipe = read_recipe(config)
    folder = RunFolder(runs / recipe.name)
    if resume and folder.exists:
        folder.require_same(recipe)
    else:
        folder.require_new()
    _require_backend(os.environ.setdefault("KERAS_BACKEND", "tensorflow"))
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # its notices about missing graphics cards help nobody here
    splits = _prepared(config, recipe, folder)
    rows = _trained(recipe, folder, splits)
    _finished(recipe, folder, splits, rows)


def _require_backend(name: str) -> None:
    if name not in BACKENDS:
        raise UsageError(f"KERAS_BACKEND is {name!r}, expected one of {', '.join(BACKENDS)}.")
    if importlib.util.find_spec(name) is None:
        raise UsageError(f"KERAS_BACKEND is {name!r}, which is not installed here. Install it, or unset the variable.")


def _say(line: str) -> None:
    """A line on standard error, in the place of the progress bar if one is drawn there."""
    click.echo(CLEAR_LINE + line if sys.stderr.isatty() else line, err=True)


def _prepared(config: Path, recipe: Recipe, folder: RunFolder) -> Splits:
    """The data, checked; a new run's folder is made when they are good."""
    hashes = data_hashes(recipe)
    if folder.exists:
        folder.require_same_data(hashes)
    _say("Reading the data")
    splits = read_splits(recipe.data, recipe.seed, _say)
    judged = splits.judged(recipe.keep)
    if not folder.exists:
        folder.begin(config.read_bytes(), recipe, hashes, splits, os.environ["KERAS_BACKEND"])
    _say(f"{len(splits.training)} faces to learn from, {len(judged)} to judge by; {folder.path}")
    return splits


def _trained(recipe: Recipe, folder: RunFolder, splits: Splits) -> list[EpochRow]:
    from emrs_core.training.loop import TrainingRun

    run = TrainingRun(recipe, folder, splits)
    if run.history:
        _say(f"Going on after epoch {len(run.history)} of {recipe.epochs}")
    bar: ProgressBar[int]
    with click.progressbar(length=run.work_left, file=sys.stderr, label="Training", show_eta=True) as bar:
        run.run(_say, bar.update)
    return run.history


def _finished(recipe: Recipe, folder: RunFolder, splits: Splits, rows: list[EpochRow]) -> None:
    from emrs_core.training.curves import curves_page
    from emrs_core.training.outcome import export_runs, kept_network, measure_run

    network, _ = kept_network(recipe, folder)
    metrics: dict[str, Any] = measure_run(network, recipe, splits.validation)
    folder.write_metrics(metrics)
    folder.write_curves(curves_page(recipe.name, rows))
    if recipe.export and os.environ["KERAS_BACKEND"] == "tensorflow":
        export_runs([folder], splits, folder.path / MODEL_FOLDER, say=_say)
    elif recipe.export:
        _say(f"Make the model folder with TensorFlow: python -m emrs_core export-model --from-run {folder.path}")
    figures = {head: metrics[head]["accuracy"] for head in ("fer", "ferplus") if head in metrics}
    click.echo(f"{folder.path}: " + ", ".join(f"{head} {share:.4f}" for head, share in figures.items()))
