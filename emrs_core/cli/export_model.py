"""``export-model``: trained weights to a model folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from emrs_core.errors import UsageError

if TYPE_CHECKING:
    from emrs_core.vision.artefact import ModelCard

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command(
    epilog="Example: python -m emrs_core export-model --from-npz vgg16.npz --data fer2013.csv --ferplus fer2013new.csv "
    "--about models/vgg16-fer.toml --out models/vgg16-fer"
)
@click.option("--from-npz", "weights", type=FILE, help="Weights of the VGG-16: convB_K/kernel ..., head/bias.")
@click.option(
    "--from-run", "runs", type=FOLDER, multiple=True, help="The folder of a run of `train`; several make an ensemble."
)
@click.option("--data", type=FILE, help="With --from-npz: fer2013.csv with its Training and PublicTest rows.")
@click.option("--ferplus", type=FILE, help="With --from-npz: fer2013new.csv, row by row the same images.")
@click.option("--about", type=FILE, help="TOML: live_head, [data], [training], for the card.")
@click.option("--out", required=True, type=FOLDER, help="Model folder to write.")
def export_model(
    weights: Path | None,
    runs: tuple[Path, ...],
    data: Path | None,
    ferplus: Path | None,
    about: Path | None,
    out: Path,
) -> None:
    """Make a model folder from trained weights: convert, calibrate, choose the precision, measure, read back.

    Temperatures, precision and metrics come from the PublicTest rows. The old folder is replaced only when the new
    one has been read back. Takes a few minutes on two cores. A run knows its data and, without --about, describes
    itself; several runs with the same data become one network that averages their probabilities.
    """
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # its notices about missing graphics cards help nobody here
    from emrs_core.training.export import read_about

    if (weights is None) == (not runs):
        raise UsageError("Give the weights either as --from-npz FILE or as --from-run FOLDER.")
    if runs:
        if data is not None or ferplus is not None:
            raise UsageError("--data and --ferplus belong to --from-npz; a run names its data in its recipe.")
        card = _from_runs(runs, None if about is None else read_about(about), out)
    else:
        if weights is None or data is None or ferplus is None or about is None:
            raise UsageError("--from-npz needs --data, --ferplus and --about.")
        card = _from_npz(weights, data, ferplus, read_about(about), out)
    click.echo(f"{out}: {card.name}, live head {card.live_head}, temperatures {dict(card.temperature)}")


def _say(line: str) -> None:
    click.echo(line, err=True)


def _from_npz(weights: Path, data: Path, ferplus: Path, about: dict[str, Any], out: Path) -> ModelCard:
    from emrs_core.training.data import read_fer2013
    from emrs_core.training.export import export_model as export
    from emrs_core.training.weights import read_npz

    return export(
        read_npz(weights),
        out,
        training=read_fer2013(data, usage="Training"),
        validation=read_fer2013(data, ferplus, usage="PublicTest"),
        about=about,
        say=_say,
    )


def _from_runs(runs: tuple[Path, ...], about: dict[str, Any] | None, out: Path) -> ModelCard:
    from emrs_core.training.outcome import export_runs
    from emrs_core.training.run_folder import RunFolder
    from emrs_core.training.splits import data_hashes, read_splits

    folders = [RunFolder(run) for run in runs]
    recipes = [folder.recipe() for folder in folders]
    for folder, recipe in zip(folders, recipes, strict=True):
        folder.require_same_data(data_hashes(recipe))
    splits = read_splits(recipes[0].data, recipes[0].seed, _say)
    return export_runs(folders, splits, out, about=about, say=_say)
