"""The end of a run: the kept weights measured and, alone or with those of other runs, made into a model folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from emrs_core.training.architectures import Architecture, ensemble_of
from emrs_core.training.calibration import fit_temperature
from emrs_core.training.convert import Precision
from emrs_core.training.data import CONTEMPT_LABEL, VOTE_COLUMNS, LabelledFaces
from emrs_core.training.ensemble import averaged
from emrs_core.training.evaluate import measure
from emrs_core.training.export import SIZE_LIMIT_BYTES, Sources, export_network
from emrs_core.training.history import HISTORY_FILE
from emrs_core.training.judge import ferplus_truth, logits_of_network
from emrs_core.training.metrics import Bootstrap
from emrs_core.training.recipe import Recipe
from emrs_core.training.run_folder import RunFolder
from emrs_core.training.splits import Splits
from emrs_core.training.targets import FERPLUS_CLASSES
from emrs_core.types import EMOTIONS
from emrs_core.vision.artefact import ModelCard
from emrs_core.vision.heads import FER_HEAD, FERPLUS_HEAD, HeadLogits
from emrs_core.vision.preprocess import FACE_SIZE_PX, SCALING, standardise

ENSEMBLE_LIMIT_BYTES = 35_000_000
"""Both networks of an ensemble together: it is an extra beside the model that serves, and stays smaller."""

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


def export_runs(
    folders: Sequence[RunFolder],
    splits: Splits,
    out: Path,
    *,
    about: dict[str, Any] | None = None,
    precisions: tuple[Precision, ...] = tuple(Precision),
    say: Say = lambda _: None,
) -> ModelCard:
    """Make the model folder ``out`` of a run's kept weights, or of several runs' as an ensemble.

    The card names architecture and width. Raises TrainingError for a run without weights, UsageError on another backend
    than TensorFlow, whose converter this is, and what ``export_network`` does.
    """
    recipes = [folder.recipe() for folder in folders]
    first = recipes[0]
    built = [kept_network(recipe, folder) for recipe, folder in zip(recipes, folders, strict=True)]
    network, architecture = built[0]
    if len(built) > 1:
        architecture = ensemble_of([member for _, member in built])
        network = averaged([member for member, _ in built], FACE_SIZE_PX)
    history = folders[0].path / HISTORY_FILE if len(folders) == 1 else None  # of an ensemble there is no one curve
    written = about or describe(recipes, splits)
    written = {**written, "training": {**written["training"], **architecture.described()}}
    return export_network(
        network,
        architecture,
        out,
        Sources(splits.training, splits.validation, written, history),
        precisions=precisions,
        limit_bytes=ENSEMBLE_LIMIT_BYTES if len(built) > 1 else SIZE_LIMIT_BYTES,
        seed=first.seed,
        say=say,
    )


def describe(recipes: Sequence[Recipe], splits: Splits) -> dict[str, Any]:
    """The parts of a model card that people write, from the recipes."""
    data = recipes[0].data
    return {
        "live_head": recipes[0].live_head,
        "data": {
            "name": " with ".join(Path(name).name for name in (data.table, data.ferplus) if name),
            "training": f"{len(splits.training)} images of Training",
            "validation": f"{len(splits.validation)} images of PublicTest",
        },
        "training": _described(recipes[0]) if len(recipes) == 1 else {"runs": [_described(r) for r in recipes]},
    }


def _described(recipe: Recipe) -> dict[str, Any]:
    return {
        "recipe": recipe.name,
        "seed": recipe.seed,
        "start": recipe.network.start or "random weights",
        "stages": [asdict(stage) for stage in recipe.stages],
        "loss": asdict(recipe.loss),
        "augmentation": asdict(recipe.augmentation),
        "optimiser": asdict(recipe.optimiser),
        "schedule": asdict(recipe.schedule),
        "average": asdict(recipe.average),
        "teacher": asdict(recipe.teacher),
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
