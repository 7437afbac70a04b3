"""What a run was like, epoch by epoch: a CSV table."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from emrs_core.errors import TrainingError

HISTORY_FILE = "history.csv"


@dataclass(frozen=True, slots=True)
class EpochRow:
    """One epoch. Losses and accuracies of training are of changed faces and of the weights as they move; those of
    validation of unchanged faces at the epoch's size, by the averaged weights."""

    epoch: int  # counted from 1
    size_px: int
    rate: float  # learning rate of the last step
    loss: float  # everything that was minimised: both heads, auxiliary, weight decay
    fer_loss: float
    ferplus_loss: float
    accuracy: float  # of the seven-class head, against FER2013's label
    val_fer_loss: float
    val_ferplus_loss: float
    val_accuracy: float  # of the seven-class head, against FER2013's label
    val_ferplus_accuracy: float  # against the FER+ majority; without votes, against the label
    seconds: float  # not comparable across machines, and not repeatable


def history_table(rows: Sequence[EpochRow]) -> str:
    """The rows as CSV text; numbers are written so that reading gives them back exactly."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(EpochRow)], lineterminator="\n")
    writer.writeheader()
    writer.writerows([asdict(row) for row in rows])
    return text.getvalue()


def read_history(path: Path) -> list[EpochRow]:
    """The rows of a history file. Raises TrainingError when it is missing or no such file."""
    kinds = {field.name: int if field.type == "int" else float for field in fields(EpochRow)}
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return [
                EpochRow(**{name: kind(line[name]) for name, kind in kinds.items()})  # type: ignore[arg-type]
                for line in csv.DictReader(file)
            ]
    except OSError as exc:
        raise TrainingError(f"{path} cannot be opened: {exc.strerror or exc}. Is it the folder of a run?") from exc
    except (KeyError, TypeError, ValueError) as exc:
        raise TrainingError(f"{path} is not the history of a run ({exc}).") from exc
