"""Reading ``model.weights.h5``, with what is wrong said plainly: another Keras, another network, a damaged file."""

from __future__ import annotations

import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

import h5py

from emrs_core.errors import ModelError
from emrs_core.vision.artefact import REMEDY

OLDEST_KERAS = 3
"""Keras 3 lays its weights files out by the layers' paths; Keras 2 listed the layers' names in ``layer_names``."""
KERAS_2_MARK = "layer_names"


def load_keras_weights(network: Any, path: Path, named: str) -> None:
    """Put the weights in ``path`` into ``network``, a ``keras.Model`` that the messages call ``named``.

    Raises ModelError when the installed Keras or the one that wrote the file is older than 3, and when the file is
    missing, damaged, or of another network.
    """
    _require_keras()
    try:
        with h5py.File(path) as file:
            of_keras_2 = KERAS_2_MARK in file.attrs
        if not of_keras_2:
            _load(network, path)
            return
    except (OSError, ValueError, KeyError, UserWarning) as exc:
        reason = str(exc).partition("\n")[0]
        raise ModelError(f"{path} does not hold the weights of this {named} ({reason}). {REMEDY}") from exc
    raise ModelError(
        f"{path} was written by Keras 2, expected a weights file of Keras {OLDEST_KERAS}. Build the network with Keras "
        f"{OLDEST_KERAS}, load this file into it, save it again and export the model anew; or take the shipped folder."
    )


def _load(network: Any, path: Path) -> None:
    """Keras only warns when a layer finds nothing in the file and keeps its random weights: an error no less."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        network.load_weights(path)


def _require_keras() -> None:
    """Raise ModelError when the installed Keras is too old to read any model folder."""
    installed = version("keras")
    if int(installed.split(".")[0]) < OLDEST_KERAS:
        raise ModelError(
            f"Keras {installed} is installed, expected {OLDEST_KERAS} or newer. "
            "Run `pip install -r requirements.txt` again."
        )
