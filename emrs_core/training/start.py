"""Weights to begin a run from: a model folder, or the archive of ``weights.py``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from emrs_core.errors import ModelError
from emrs_core.training.architectures import VGG16, Architecture, architecture_of
from emrs_core.training.keras_file import load_keras_weights
from emrs_core.training.weights import load_into, read_npz
from emrs_core.vision.artefact import KERAS_FILE, load_card, verify


def load_start(network: Any, start: str, architecture: Architecture) -> None:
    """Put the weights at ``start`` into ``network``. Raises ModelError when they are missing or of another network."""
    path = Path(start)
    if path.suffix == ".npz":
        if architecture != VGG16:
            raise ModelError(f"{path} can only start a full-width vgg16, the recipe has {_named(architecture)}.")
        load_into(network, read_npz(path))
        return
    card = load_card(path)
    verify(path, card)
    if (theirs := architecture_of(card.training)) != architecture:
        raise ModelError(f"{path} holds {_named(theirs)}, the recipe has {_named(architecture)}.")
    load_keras_weights(network, path / KERAS_FILE, _named(architecture))


def _named(architecture: Architecture) -> str:
    return f"{architecture.name} of width {architecture.width:g}"
