"""``export-model``: trained weights to a model folder."""

from __future__ import annotations

import os
from pathlib import Path

import click

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(
    epilog="Example: python -m emrs_core export-model --from-npz vgg16.npz --data fer2013.csv --ferplus fer2013new.csv "
    "--about models/vgg16-fer.toml --out models/vgg16-fer"
)
@click.option("--from-npz", "weights", required=True, type=FILE, help="Weights: convB_K/kernel ..., head/bias.")
@click.option("--data", required=True, type=FILE, help="Kaggle's fer2013.csv with its Training and PublicTest rows.")
@click.option("--ferplus", required=True, type=FILE, help="FER+'s fer2013new.csv, row by row the same images.")
@click.option("--about", required=True, type=FILE, help="TOML: live_head, [data], [training], for the card.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Model folder to write.")
def export_model(weights: Path, data: Path, ferplus: Path, about: Path, out: Path) -> None:
    """Make a model folder from trained weights: convert, calibrate, choose the precision, measure, read back.

    Temperatures, precision and metrics come from the PublicTest rows. The old folder is replaced only when the new
    one has been read back. Takes a few minutes on two cores.
    """
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # its notices about missing graphics cards help nobody here
    from emrs_core.training import data as tables
    from emrs_core.training.export import export_model as export
    from emrs_core.training.export import read_about
    from emrs_core.training.weights import read_npz

    card_text = read_about(about)
    card = export(
        read_npz(weights),
        out,
        training=tables.read_fer2013(data, usage="Training"),
        validation=tables.read_fer2013(data, ferplus, usage="PublicTest"),
        about=card_text,
        say=lambda line: click.echo(line, err=True),
    )
    click.echo(f"{out}: {card.name}, live head {card.live_head}, temperatures {dict(card.temperature)}")
