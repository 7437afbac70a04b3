"""The end of a run: the kept weights measured and, if wanted, made into a model folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from emrs_core.training.architectures import Architecture
from emrs_core.training.calibration import fit_temperature
from emrs_core.training.convert import Precision
from emrs_core.training.data import CONTEMPT_LABEL, VOTE_COLUMNS, LabelledFaces
from emrs_core.training.evaluate import measure
from emrs_core.training.export import Sources, export_network
from emrs_core.training.judge import ferplus_truth, logits_of_network
from emrs_core.training.metrics import Bootstrap
from emrs_core.training.recipe import Recipe
from emrs_core.training.run_folder import MODEL_FOLDER, RunFolder
from emrs_core.training.splits import Splits
from emrs_core.training.targets import FERPLUS_CLASSES
from emrs_core.types import EMOTIONS
from emrs_core.vision.artefact import ModelCard
from emrs_core.vision.heads import FER_HEAD, FERPLUS_HEAD, HeadLogits
from emrs_core.vision.preprocess import FACE_SIZE_PX, SCALING, standardise

Say = Callable[[str], None]


def kept_network(recipe: Recipe, folder: RunFolder) -> tuple[Any, Architecture]:
    """The network of a run with its kept weights, for faces of 48 pixels. Raises TrainingError when there are none."""
    architecture = Architecture(recipe.network.architecture, recipe.network.width)
    network = architecture.build()
    network.set_weights(folder.best_weights())
    return network, architecture


def measure_run(network: Any, recipe: Recipe, validation: LabelledFaces) -> dict[str, Any]:
    """The metrics of docs/interfaces.md for the kept weights, at 48 pixels, with temperatures fitted to both heads."""
    logits = logits_of_network(network, standardise(validation.faces))
    temperature = _temperatures(logits, validation)
    card = _working_card(recipe, temperature)
    return {**measure(logits, validation, card, bootstrap=Bootstrap()), "temperature": temperature}


def export_run(
    recipe: Recipe,
    folder: RunFolder,
    splits: Splits,
    *,
    out: Path | None = None,
    about: dict[str, Any] | None = None,
    precisions: tuple[Precision, ...] = tuple(Precision),
    say: Say = lambda _: None,
) -> ModelCard:
    """Make a model folder (``model`` in the run's folder) of the kept weights; its card names architecture and width.

    Raises UsageError on another backend than TensorFlow, whose converter this is, and what ``export_network`` does.
    """
    network, architecture = kept_network(recipe, folder)
    written = about or describe(recipe, splits)
    written = {**written, "training": {**written["training"], **asdict_of(architecture)}}
    sources = Sources(splits.training, splits.validation, written)
    target = out or folder.path / MODEL_FOLDER
    return export_network(network, architecture, target, sources, precisions=precisions, seed=recipe.seed, say=say)


def asdict_of(architecture: Architecture) -> dict[str, Any]:
    """How a card names an architecture."""
    return {"architecture": architecture.name, "width": architecture.width}


def describe(recipe: Recipe, splits: Splits) -> dict[str, Any]:
    """The parts of a model card that people write, from the recipe."""
    data = recipe.data
    return {
        "live_head": recipe.live_head,
        "data": {
            "name": " with ".join(Path(name).name for name in (data.table, data.ferplus) if name),
            "training": f"{len(splits.training)} images of Training",
            "validation": f"{len(splits.validation)} images of PublicTest",
        },
        "training": {
            "recipe": recipe.name,
            "seed": recipe.seed,
            "start": recipe.network.start or "random weights",
            "stages": [asdict(stage) for stage in recipe.stages],
            "loss": asdict(recipe.loss),
            "augmentation": asdict(recipe.augmentation),
            "optimiser": asdict(recipe.optimiser),
            "schedule": asdict(recipe.schedule),
            "average": asdict(recipe.average),
        },
    }


def _temperatures(logits: HeadLogits, validation: LabelledFaces) -> dict[str, float]:
    known = validation.labels != CONTEMPT_LABEL
    label, counts = ferplus_truth(validation)
    pairs = {
        FER_HEAD: (logits.fer[known], validation.labels[known]),
        FERPLUS_HEAD: (logits.ferplus[counts], label[counts]),
    }
    return {head: fit_temperature(*pair) if len(pair[1]) else 1.0 for head, pair in pairs.items()}


def _working_card(recipe: Recipe, temperature: dict[str, float]) -> ModelCard:
    seven = tuple(str(emotion) for emotion in EMOTIONS)
    return ModelCard(
        name=recipe.name,
        labels=seven,
        heads={FER_HEAD: seven, FERPLUS_HEAD: VOTE_COLUMNS[:FERPLUS_CLASSES]},
        live_head=recipe.live_head,
        temperature=temperature,
        input={"size": FACE_SIZE_PX, "channels": 1, "scaling": SCALING},
        data={},
        metrics={},
        training={},
        files={},
    )
