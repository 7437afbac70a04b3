"""What the model folder says of itself, made ready for the page. Whatever an older card lacks is left out."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Final

from emrs_core.errors import ModelError
from emrs_core.types import EMOTIONS, Emotion
from emrs_core.ui import words

HISTORY_FILE: Final = "history.csv"
"""What training leaves beside a network: one row an epoch."""
NETWORKS: Final[Mapping[str, str]] = {"vgg16": "a VGG-16", "resnet50": "a ResNet-50", "senet50": "an SENet-50"}
"""Architectures as a sentence names them."""

Card = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The network against one set of labels. ``figures`` as ``evaluate`` gives them for a head."""

    name: str
    explanation: str
    figures: Mapping[str, Any]


def read_card(folder: Path) -> dict[str, Any]:
    """The network's card. Raises ModelError when it is missing or no JSON object."""
    try:
        card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise ModelError(f"The network's card in {folder} could not be read: {exc}.") from exc
    if not isinstance(card, dict):
        raise ModelError(f"The network's card in {folder} should be a JSON object.")
    return card


def network(card: Card) -> str:
    """What the network is, within a sentence; the project's VGG-16 where the card does not say."""
    training = card.get("training", {})
    members = training.get("members", [])
    if training.get("architecture") == "ensemble" and members:
        return f"the mean of {len(members)} networks ({'; '.join(map(_network, members))})"
    return _network(training)


def _network(described: Mapping[str, Any]) -> str:
    architecture, width = described.get("architecture", "vgg16"), described.get("width", 1.0)
    name = NETWORKS.get(architecture, f"a network of the kind {architecture}")
    return name if width == 1.0 else f"{name} with {100 * width:g} % of its channels"


def facts(card: Card) -> list[tuple[str, str, str]]:
    """Label, figure and explanation for what the card has measured; nothing for what it has not."""
    metrics = card.get("metrics", {})
    shown = _shown(card).get("against_ferplus_majority", {})
    wanted = (
        (
            shown.get("accuracy"),
            "Agrees with most people",
            "Seven emotions as shown, against the majority of ten people.",
        ),
        (_figure(metrics, "fer", "accuracy"), "FER2013, 7 classes", "People reach about 65 %."),
        (_figure(metrics, "five_class", "accuracy"), "FER2013, 5 classes", "Without disgust and fear."),
        (shown.get("ece"), "Calibration error", "How far its stated probability misses the real hit rate, on average."),
    )
    return [(label, f"{100 * value:.1f} %", text) for value, label, text in wanted if isinstance(value, float)]


def judgements(card: Card) -> list[Judgement]:
    """The sets of labels that the card has details for, the one that matters to a listener first."""
    majority = _shown(card).get("against_ferplus_majority", {})
    candidates = (
        Judgement(
            "What most people saw",
            "The seven emotions as the dashboard shows them, against what most of ten people saw in each picture.",
            majority,
        ),
        Judgement(
            "FER2013’s own label",
            "The network’s other head, against the one label that FER2013 gives each picture: the search word that "
            "found it. A third of these contradict what most people saw.",
            card.get("metrics", {}).get("fer", {}),
        ),
    )
    return [entry for entry in candidates if "confusion" in entry.figures and "per_class" in entry.figures]


def sentences(value: Any) -> list[str]:
    """A card's text or number, or list or table of such, as a flat list."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [
            f"{str(key).replace('_', ' ').capitalize()}: {text}"
            for key, inner in value.items()
            for text in sentences(inner)
        ]
    if isinstance(value, list):
        return [text for inner in value for text in sentences(inner)]
    return [str(value)] if isinstance(value, int | float) else []


def read_history(folder: Path) -> dict[str, list[float]] | None:
    """The columns of the training's history; None when the folder has none.

    Raises ModelError for a file that is no table of numbers.
    """
    path = folder / HISTORY_FILE
    if not path.exists():
        return None
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        return {name: [float(row[name]) for row in rows] for name in rows[0]} if rows else None
    except (OSError, ValueError, TypeError, csv.Error) as exc:
        raise ModelError(f"The training history {path} cannot be read as a table of numbers ({exc}).") from exc


def class_name(name: str) -> str:
    """An emotion as the dashboard calls it; any other class as it is."""
    return words.EMOTION_NAMES[Emotion(name)] if name in EMOTIONS else name.capitalize()


def class_table(figures: Mapping[str, Any]) -> str:
    """Recall and precision of each class as an HTML table with bars; the numbers stand beside them."""
    rows = "".join(_class_row(name, row) for name, row in figures["per_class"].items())
    return (
        '<table class="emrs-classes"><thead><tr><th scope="col">Emotion</th>'
        '<th scope="col">Found<small>of the faces that show it</small></th>'
        '<th scope="col">Right<small>when it says so</small></th>'
        f'<th scope="col" class="emrs-count">Faces</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _class_row(name: str, row: Mapping[str, Any]) -> str:
    colour = f"var(--emrs-{name})" if name in EMOTIONS else "currentColor"
    cells = "".join(_bar(row[key]) for key in ("recall", "precision"))
    return (
        f'<tr style="--emrs-class: {escape(colour)}"><th scope="row">{escape(class_name(name))}</th>{cells}'
        f'<td class="emrs-count">{int(row["n"])}</td></tr>'
    )


def _bar(share: float | None) -> str:
    if share is None:
        return "<td>–</td>"
    width = f"{100 * share:.0f}%"
    return f'<td><span class="emrs-class-bar" style="width:{width}" aria-hidden="true"></span>{100 * share:.0f} %</td>'


def _shown(card: Card) -> Mapping[str, Any]:
    """What a listener is shown, measured: the live head's seven probabilities."""
    shown: Mapping[str, Any] = card.get("metrics", {}).get("shown_by_head", {}).get(card.get("live_head"), {})
    return shown


def _figure(metrics: Mapping[str, Any], group: str, name: str) -> Any:
    return metrics.get(group, {}).get(name)
