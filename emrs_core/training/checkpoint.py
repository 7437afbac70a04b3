"""Everything a run needs to go on after a kill as if nothing had happened, in one file that is never half there.

The order of faces, their changes, the learning rate and the averaging are functions of seed, epoch and step, and an
epoch is taken up from its beginning: so the network, the averages, the centres, the optimiser, the state of the
dropout's random numbers, and the history so far are all there is to keep.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emrs_core.errors import TrainingError
from emrs_core.storage import write_atomically
from emrs_core.training.history import EpochRow

CHECKPOINT_FILE = "checkpoint.npz"
ABOUT = "about"


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """The state after ``epochs`` epochs. ``best`` is the epoch whose weights are kept, 0 before there is one."""

    epochs: int
    best: int
    history: tuple[EpochRow, ...]
    arrays: tuple[NDArray[Any], ...]  # in the order of ``state_of``


def state_of(trainee: Any) -> list[Any]:
    """Every variable of a trainee and its optimiser, each once, in an order that depends on the recipe alone."""
    found, seen = [], set()
    for variable in [*trainee.variables, *trainee.optimizer.variables]:
        if id(variable) not in seen:
            seen.add(id(variable))
            found.append(variable)
    return found


def save_checkpoint(path: Path, trainee: Any, history: Sequence[EpochRow], best: int) -> None:
    """Write the state after the last epoch of ``history``. Raises StorageError; the old file is then untouched."""
    import keras

    about = json.dumps({"best": best, "history": [asdict(row) for row in history]})
    arrays = [keras.ops.convert_to_numpy(variable) for variable in state_of(trainee)]
    write_arrays(path, arrays, about)


def load_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint. Raises TrainingError when it is missing or damaged."""
    arrays, about = read_arrays(path)
    try:
        content = json.loads(about)
        history = tuple(EpochRow(**row) for row in content["history"])
        return Checkpoint(len(history), int(content["best"]), history, arrays)
    except (ValueError, KeyError, TypeError) as exc:
        raise TrainingError(f"{path} is not a checkpoint of this version ({exc}). Start the run again.") from exc


def restore(trainee: Any, checkpoint: Checkpoint, path: Path) -> None:
    """Put the state back. Raises TrainingError, before anything is changed, if it belongs to another network."""
    variables = state_of(trainee)
    shapes = [tuple(array.shape) for array in checkpoint.arrays]
    if shapes != [tuple(variable.shape) for variable in variables]:
        raise TrainingError(f"{path} holds the state of another network than the recipe describes.")
    for variable, array in zip(variables, checkpoint.arrays, strict=True):
        variable.assign(array)


def write_arrays(path: Path, arrays: Sequence[NDArray[Any]], about: str) -> None:
    """Arrays in their order, and a text, as one .npz file. Raises StorageError."""
    content = io.BytesIO()
    numbered = {f"{place:05d}": array for place, array in enumerate(arrays)}
    np.savez(content, **{ABOUT: np.array(about)}, **numbered)  # type: ignore[arg-type]
    write_atomically(path, content.getvalue())


def read_arrays(path: Path) -> tuple[tuple[NDArray[Any], ...], str]:
    """What ``write_arrays`` wrote. Raises TrainingError when it is missing or damaged."""
    try:
        # NumPy closes a file that it opened itself too late when the archive is damaged.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            names = sorted(name for name in archive.files if name != ABOUT)
            return tuple(archive[name] for name in names), str(archive[ABOUT])
    except FileNotFoundError:
        raise TrainingError(f"There is no {path}: the run has not finished an epoch yet.") from None
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, EOFError) as exc:
        raise TrainingError(f"{path} cannot be read ({exc}). Start the run again.") from exc
