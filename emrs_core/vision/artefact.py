"""A model folder: the weights, and ``card.json`` that says what they are.

Nothing here loads a network; whoever does calls ``load_card`` and ``verify`` first, so that a missing or damaged
model is an error in words and never a network of random weights.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emrs_core.errors import ModelError
from emrs_core.types import EMOTIONS
from emrs_core.vision.heads import CLASS_EMOTIONS, FER_HEAD, FERPLUS_HEAD
from emrs_core.vision.preprocess import FACE_SIZE_PX, SCALING

CARD_FILE = "card.json"
KERAS_FILE = "model.weights.h5"
LITERT_FILE = "model.tflite"
HEAD_SIZES: Mapping[str, int] = {FER_HEAD: 7, FERPLUS_HEAD: 8}
REMEDY = "Restore the folder from the project's repository (`git checkout -- models`), or export the model again."


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a model folder holds. ``heads`` name each output column; ``files`` map names to SHA-256 in hexadecimal."""

    name: str
    labels: tuple[str, ...]
    heads: Mapping[str, tuple[str, ...]]
    live_head: str
    temperature: Mapping[str, float]
    input: Mapping[str, Any]
    data: Mapping[str, Any]
    metrics: Mapping[str, Any]
    training: Mapping[str, Any]
    files: Mapping[str, str]


def load_card(folder: Path) -> ModelCard:
    """Read and check ``folder/card.json``. Raises ModelError saying what is wrong with it and what to do."""
    path = folder / CARD_FILE
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(f"There is no model in {folder}: {CARD_FILE} is missing. {REMEDY}") from None
    except (OSError, ValueError) as exc:
        raise ModelError(f"{path} cannot be read as JSON ({exc}). {REMEDY}") from exc
    try:
        return _card(content)
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        what = f"{exc} is missing" if isinstance(exc, KeyError) else str(exc)
        raise ModelError(f"{path} is not a card of this project's model: {what}. {REMEDY}") from exc


def verify(folder: Path, card: ModelCard) -> None:
    """Compare every file of the card with its SHA-256. Raises ModelError naming the missing or damaged one."""
    for name, expected in card.files.items():
        path = folder / name
        try:
            actual = sha256_of(path)
        except FileNotFoundError:
            raise ModelError(f"The model file {path} is missing. {REMEDY}") from None
        except OSError as exc:
            raise ModelError(f"The model file {path} cannot be read ({exc.strerror}). {REMEDY}") from exc
        if actual != expected:
            raise ModelError(
                f"The model file {path} is damaged: its SHA-256 starts with {actual[:12]}, "
                f"the card expects {expected[:12]}. {REMEDY}"
            )


def sha256_of(path: Path) -> str:
    """SHA-256 of a file in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _card(content: Mapping[str, Any]) -> ModelCard:
    card = ModelCard(
        name=str(content["name"]),
        labels=tuple(content["labels"]),
        heads={head: tuple(names) for head, names in content["heads"].items()},
        live_head=str(content["live_head"]),
        temperature={head: float(content["temperature"][head]) for head in HEAD_SIZES},
        input=dict(content["input"]),
        data=dict(content["data"]),
        metrics=dict(content["metrics"]),
        training=dict(content["training"]),
        files={name: str(digest) for name, digest in content["files"].items()},
    )
    _check_outputs(card)
    _check_input(card)
    for name in (KERAS_FILE, LITERT_FILE):
        if name not in card.files:
            raise ValueError(f"'files' does not list {name}")
    for name in card.files:
        if Path(name).name != name:
            raise ValueError(f"'files' may only name files inside the folder, not {name!r}")
    return card


def _check_outputs(card: ModelCard) -> None:
    if set(card.heads) != set(HEAD_SIZES):
        raise ValueError(f"expected the heads {', '.join(HEAD_SIZES)}, got {', '.join(card.heads) or 'none'}")
    for head, size in HEAD_SIZES.items():
        names = card.heads[head]
        unknown = [name for name in names if name not in CLASS_EMOTIONS]
        if len(names) != size or unknown:
            raise ValueError(f"expected {size} known labels for the head {head!r}, got {', '.join(map(str, names))}")
        if {CLASS_EMOTIONS[name] for name in names} - {None} != set(EMOTIONS):
            raise ValueError(f"the head {head!r} does not name each of the seven emotions once")
        if not card.temperature[head] > 0:
            raise ValueError(f"expected a temperature above 0 for the head {head!r}, got {card.temperature[head]}")
    if set(card.labels) != set(EMOTIONS) or len(card.labels) != len(EMOTIONS):
        raise ValueError(f"expected 'labels' to be the seven emotions, got {', '.join(map(str, card.labels))}")
    if card.live_head not in HEAD_SIZES:
        raise ValueError(f"expected 'live_head' to be one of {', '.join(HEAD_SIZES)}, got {card.live_head!r}")


def _check_input(card: ModelCard) -> None:
    expected = {"size": FACE_SIZE_PX, "channels": 1, "scaling": SCALING}
    for key, value in expected.items():
        if card.input[key] != value:
            raise ValueError(f"this version prepares faces with {key} = {value!r}, the model wants {card.input[key]!r}")
