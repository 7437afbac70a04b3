"""``evaluate``: how often the network agrees with people's labels."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from emrs_core.bootstrap import DEFAULT_MODEL_DIR
from emrs_core.errors import DatasetError, UsageError
from emrs_core.storage import write_atomically
from emrs_core.training.data import USAGES, LabelledFaces, read_class_folders, read_fer2013
from emrs_core.training.evaluate import HeadSource, logits_of, measure
from emrs_core.training.latency import RUNTIMES, latencies
from emrs_core.training.metrics import Bootstrap
from emrs_core.training.readable import readable_json
from emrs_core.training.report import report_html
from emrs_core.training.splits import unseen_of

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

EXIT_FAILED = 1
EXISTING = click.Path(exists=True, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(
    epilog="Example: python -m emrs_core evaluate --data fer2013.csv --ferplus fer2013new.csv --usage PublicTest --json"
)
@click.option("--data", required=True, type=EXISTING, help="Kaggle's fer2013.csv, or a folder with a folder a class.")
@click.option("--ferplus", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="FER+'s fer2013new.csv.")
@click.option("--usage", type=click.Choice(USAGES), help="Only this part of the table.")
@click.option("--unseen", is_flag=True, help="Leave out pictures that the table's Training part holds too.")
@click.option("--model", "model_dir", type=FOLDER, default=DEFAULT_MODEL_DIR, help="Model folder.")
@click.option("--runtime", type=click.Choice(RUNTIMES), default="litert", show_default=True)
@click.option("--head", type=click.Choice(["fer", "ferplus"]), help="Only this head; without it, all the labels allow.")
@click.option("--out", type=FILE, help="Write the metrics to this JSON file.")
@click.option("--report", type=FILE, help="Write a report with plots to this HTML file; times every runtime too.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the bootstrap intervals.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone on standard output.")
def evaluate(
    data: Path,
    ferplus: Path | None,
    usage: str | None,
    unseen: bool,
    model_dir: Path,
    runtime: str,
    head: str | None,
    out: Path | None,
    report: Path | None,
    seed: int,
    as_json: bool,
) -> None:
    """Measure the network on labelled faces, against FER2013's labels and FER+'s votes.

    Class folders are called angry, disgust, fear, happy, sad, surprise, neutral or contempt (anger, happiness and
    sadness too); other folders are named and left out. Faces are taken as they are: no detection. A row or picture
    that cannot be used is named on standard error, the others are done, and the exit status is 1.
    """
    problems: list[DatasetError] = []

    def note(problem: DatasetError) -> None:
        problems.append(problem)
        click.echo(str(problem), err=True)

    source = _source(model_dir, runtime)
    faces = _read(data, ferplus, usage, note)
    if unseen:
        faces = _without_training(faces, data, usage)
    for name in faces.left_out:
        click.echo(f"{data / name}: not a class, left out", err=True)
    bar: ProgressBar[int]
    with click.progressbar(length=len(faces), file=sys.stderr, label="Reading faces") as bar:
        logits = logits_of(source, faces.faces, bar.update)
    metrics = measure(logits, faces, source.card, head=head, bootstrap=Bootstrap(seed))
    metrics["latency"] = latencies(model_dir, RUNTIMES if report is not None else (runtime,))
    text = readable_json(metrics)
    if out is not None:
        write_atomically(out, (text + "\n").encode())
    if report is not None:
        about = {"Model": source.card.name, "Data": data.name, "Part": usage or "all", "Runtime": runtime}
        write_atomically(report, report_html(metrics, about).encode())
    click.echo(text if as_json else "\n".join(_lines(metrics)))
    if problems:
        sys.exit(EXIT_FAILED)


def _source(folder: Path, runtime: str) -> HeadSource:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # its notices about missing graphics cards help nobody here
    if runtime == "litert":
        from emrs_core.vision.litert import LiteRTEmotionModel

        return LiteRTEmotionModel(folder)
    from emrs_core.training.keras_runtime import KerasHeads

    return KerasHeads(folder)


def _read(data: Path, ferplus: Path | None, usage: str | None, note: Any) -> LabelledFaces:
    if data.is_dir():
        if ferplus is not None or usage is not None:
            raise UsageError("--ferplus and --usage belong to the table fer2013.csv; a folder of pictures has neither.")
        return read_class_folders(data, note)
    return read_fer2013(data, ferplus, usage, note)


def _without_training(faces: LabelledFaces, data: Path, usage: str | None) -> LabelledFaces:
    """Without the pictures that are, pixel by pixel, in the table's Training part too: FER2013 repeats itself."""
    if usage not in USAGES[1:]:
        raise UsageError(
            f"--unseen compares with the table's Training part: give --usage {' or '.join(USAGES[1:])} too."
        )
    unseen = unseen_of(faces, read_fer2013(data, None, USAGES[0]))
    click.echo(f"{len(faces) - len(unseen)} pictures are in Training too, left out", err=True)
    if not len(unseen):
        raise DatasetError(f"Every {usage} picture of {data} is in its Training part too: nothing is left to measure.")
    return unseen


def _lines(metrics: dict[str, Any]) -> list[str]:
    """The metrics for people: a line for each figure, with its interval."""
    lines = [f"{metrics['n']} faces"]
    for group, figures in metrics.items():
        if not isinstance(figures, dict):
            continue
        for name, value in figures.items():
            if f"{name}_ci" not in figures:
                continue
            shown = (
                "no row counts" if value is None else "{:.4f}  [{:.4f}, {:.4f}]".format(value, *figures[f"{name}_ci"])
            )
            lines.append(f"{group + '.' + name:<22} {shown}")
        if "n" in figures:
            lines.append(f"{group + '.n':<22} {figures['n']}")
    for runtime, times in metrics.get("latency", {}).items():
        lines.append(f"{'latency.' + runtime:<22} {times['median_ms']:.2f} ms a face, {times['cpu_ms']:.2f} ms CPU")
    return lines
