"""Makes a model folder: both networks, calibrated and measured, checked by reading back, then put in place at once."""

from __future__ import annotations

import os
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emrs_core.errors import DatasetError, ModelError, UsageError
from emrs_core.storage import write_atomically
from emrs_core.training.architectures import VGG16, Architecture
from emrs_core.training.calibration import fit_temperature
from emrs_core.training.choice import Candidate, choose, measure_candidate
from emrs_core.training.convert import Precision, to_litert, write_keras_weights
from emrs_core.training.data import LabelledFaces
from emrs_core.training.evaluate import live_head_figures, measure
from emrs_core.training.history import HISTORY_FILE
from emrs_core.training.keras_runtime import KerasHeads
from emrs_core.training.metrics import Bootstrap, majority
from emrs_core.training.readable import readable_json
from emrs_core.training.weights import ArrayMap, load_into
from emrs_core.types import EMOTIONS
from emrs_core.vision.artefact import CARD_FILE, KERAS_FILE, LITERT_FILE, ModelCard, load_card, sha256_of
from emrs_core.vision.heads import FER_HEAD, FERPLUS_HEAD, HeadLogits
from emrs_core.vision.litert import LiteRTEmotionModel
from emrs_core.vision.preprocess import FACE_SIZE_PX, SCALING

SIZE_LIMIT_BYTES = 60_000_000
"""Both networks together: what a repository and a free host carry without large-file storage."""

REPRESENTATIVE_FACES = 200
"""Enough to fix the ranges of an 8-bit network; the converter's guide asks for a hundred or more."""

CHECKED_FACES = 200
LOGIT_TOLERANCE = 0.01
"""Keras and 32-bit LiteRT add up in another order; logits of size 10 then differ by about 1e-4."""

FERPLUS_LABELS = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
ABOUT_TABLES = ("data", "training")
ALSO_SAID = ("use", "known_failures")
"""Parts of the TOML that go into the card as they stand, when they are there."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """What an export needs beside the weights: ``training`` faces only fix the ranges of a fully 8-bit candidate;
    ``validation`` faces, with votes, fit the temperatures, choose the precision and give the card's metrics; ``about``
    is what people write of the model; ``history``, a file of ``training.history``, goes along as it is."""

    training: LabelledFaces
    validation: LabelledFaces
    about: Mapping[str, Any]
    history: Path | None = None


def read_about(path: Path) -> dict[str, Any]:
    """What people must write of a model: TOML with ``live_head`` and the tables ``data`` and ``training``.

    The table ``use`` (intended, not_for) and the list ``known_failures`` may be there too. Raises UsageError.
    """
    try:
        about = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise UsageError(f"{path} cannot be read as TOML ({exc}).") from exc
    missing = [table for table in ABOUT_TABLES if not isinstance(about.get(table), dict)]
    if missing or about.get("live_head") not in (FER_HEAD, FERPLUS_HEAD):
        raise UsageError(f'{path} needs live_head = "fer" or "ferplus", and the tables [data] and [training].')
    return about


def export_model(
    arrays: ArrayMap,
    out: Path,
    *,
    training: LabelledFaces,
    validation: LabelledFaces,
    about: Mapping[str, Any],
    precisions: tuple[Precision, ...] = tuple(Precision),
    seed: int = 0,
    say: Say = lambda _: None,
) -> ModelCard:
    """``export_network`` for the full VGG-16 in the arrays of ``weights.py``. Raises ModelError if they do not fit."""
    model = VGG16.build()
    load_into(model, arrays)
    sources = Sources(training, validation, about)
    return export_network(model, VGG16, out, sources, precisions=precisions, seed=seed, say=say)


def export_network(
    model: Any,
    architecture: Architecture,
    out: Path,
    sources: Sources,
    *,
    precisions: tuple[Precision, ...] = tuple(Precision),
    limit_bytes: int = SIZE_LIMIT_BYTES,
    seed: int = 0,
    say: Say = lambda _: None,
) -> ModelCard:
    """Write the model folder ``out`` from a trained model of ``architecture``; returns its card.

    ``limit_bytes`` is the size of both networks together; 32 bit must be one of ``precisions``, as the yardstick. An
    old folder stays until the new one has been read back; ``model`` holds rounded weights afterwards. Raises
    DatasetError without votes, ModelError when no precision is good and small enough or the written folder does not
    say what the model says.
    """
    validation, about = sources.validation, sources.about
    if validation.votes is None:
        raise DatasetError("Export needs the FER+ votes of the validation faces: they calibrate the head 'ferplus'.")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as work:
        folder = Path(work) / out.name
        folder.mkdir()
        say("Writing the Keras weights")
        write_keras_weights(model, folder / KERAS_FILE, architecture)
        model.load_weights(folder / KERAS_FILE)  # so that both networks come from the same, rounded numbers
        say("Converting to LiteRT")
        networks = to_litert(model, precisions, _representative(sources.training, seed))
        candidates = _measured(networks, Path(work), validation, say)
        chosen = choose(candidates, limit_bytes - (folder / KERAS_FILE).stat().st_size)
        say(f"Chosen: {chosen.precision}")
        (folder / LITERT_FILE).write_bytes(networks[chosen.precision])
        content = _card_content(out.name, chosen, validation, about, folder)
        _write_card(folder, content)
        content["metrics"] = _metrics(load_card(folder), chosen, candidates, validation)
        _write_card(folder, content)
        say("Reading it back")
        _check(folder, chosen, candidates, validation.faces[:CHECKED_FACES])
        if sources.history is not None:
            shutil.copyfile(sources.history, folder / HISTORY_FILE)
        _swap_in(folder, out)
    return load_card(out)


def _representative(training: LabelledFaces, seed: int) -> NDArray[np.uint8]:
    count = min(REPRESENTATIVE_FACES, len(training))
    rows = np.random.default_rng(seed).choice(len(training), count, replace=False)
    return training.faces[rows]


def _measured(networks: Mapping[Precision, bytes], work: Path, validation: LabelledFaces, say: Say) -> list[Candidate]:
    candidates = []
    for precision, content in networks.items():
        path = work / f"{precision}.tflite"
        path.write_bytes(content)
        candidate = measure_candidate(precision, path, validation)
        shares = ", ".join(f"{head} {share:.4f}" for head, share in candidate.accuracy.items())
        say(f"{precision}: {shares}, {candidate.size_bytes / 1e6:.1f} MB, {candidate.cpu_ms:.1f} ms CPU a face")
        candidates.append(candidate)
    return candidates


def _card_content(
    name: str, chosen: Candidate, validation: LabelledFaces, about: Mapping[str, Any], folder: Path
) -> dict[str, Any]:
    assert validation.votes is not None
    label, counts = majority(validation.votes)
    return {
        "name": name,
        "labels": [str(emotion) for emotion in EMOTIONS],
        "heads": {FER_HEAD: [str(emotion) for emotion in EMOTIONS], FERPLUS_HEAD: list(FERPLUS_LABELS)},
        "live_head": about["live_head"],
        "temperature": {
            FER_HEAD: fit_temperature(chosen.logits.fer, validation.labels),
            FERPLUS_HEAD: fit_temperature(chosen.logits.ferplus[counts], label[counts]),
        },
        "input": {"size": FACE_SIZE_PX, "channels": 1, "scaling": SCALING},
        "data": dict(about["data"]),
        "metrics": {},
        "training": dict(about["training"]),
        **{part: about[part] for part in ALSO_SAID if part in about},
        "files": {file: sha256_of(folder / file) for file in (KERAS_FILE, LITERT_FILE)},
    }


def _metrics(
    card: ModelCard, chosen: Candidate, candidates: list[Candidate], validation: LabelledFaces
) -> dict[str, Any]:
    return {
        **measure(chosen.logits, validation, card, bootstrap=Bootstrap()),
        "runtime": str(chosen.precision),
        "accuracy_by_runtime": {
            str(c.precision): {**{head: round(share, 6) for head, share in c.accuracy.items()}, "bytes": c.size_bytes}
            for c in candidates
        },
        "shown_by_head": live_head_figures(chosen.logits, validation, card),
    }


def _write_card(folder: Path, content: Mapping[str, Any]) -> None:
    write_atomically(folder / CARD_FILE, (readable_json(content) + "\n").encode())
    (folder / CARD_FILE).chmod(0o644)


def _check(folder: Path, chosen: Candidate, candidates: list[Candidate], faces: NDArray[np.uint8]) -> None:
    reference = next(candidate for candidate in candidates if candidate.precision is Precision.FLOAT32)
    for source, expected in ((LiteRTEmotionModel(folder), chosen), (KerasHeads(folder), reference)):
        gap = _largest_gap(source.head_logits(faces), expected.logits)
        if not gap <= LOGIT_TOLERANCE:
            raise ModelError(
                f"{type(source).__name__} reads other numbers from the new folder than were exported (logits differ by "
                f"{gap:.3g}); nothing was replaced."
            )


def _largest_gap(found: HeadLogits, expected: HeadLogits) -> float:
    pairs = ((found.fer, expected.fer), (found.ferplus, expected.ferplus))
    return max(float(np.abs(ours - theirs[: len(ours)]).max()) for ours, theirs in pairs)


def _swap_in(folder: Path, out: Path) -> None:
    """Put ``folder`` in the place of ``out``; the old one is back in its place if that fails."""
    for file in folder.iterdir():
        descriptor = os.open(file, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
    old = out.with_name(f".{out.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    try:
        folder.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)
