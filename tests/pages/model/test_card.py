"""The Model page: the card in figures and words, the course of the training, and the charts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import pytest

from emrs_core.errors import ModelError
from emrs_core.ui import hooks, model_card, model_charts, navigation, resources
from tests.pages.harness import Dashboard

MODEL = navigation.ROOT / "models" / "vgg16-fer"


def serve(page: Dashboard, folder: Path) -> None:
    """From now on the network in that folder reads the faces."""
    page.environment(EMRS_MODEL=str(folder))
    resources.load.clear()


@pytest.fixture(scope="module")
def card() -> dict[str, Any]:
    return model_card.read_card(MODEL)


# -- the card --------------------------------------------------------------------------------------------------------


def test_the_page_shows_use_failures_figures_and_origin(page: Dashboard, card: dict[str, Any]) -> None:
    text = page.text()
    assert "failed" not in text
    for sentence in (card["use"]["intended"], *card["use"]["not_for"], *card["known_failures"]):
        assert sentence in text
    assert "No diagnosis" in text
    assert "work or school" in text
    assert card["data"]["training"] in text
    assert [metric.value for metric in page.app.metric] == [value for _, value, _ in model_card.facts(card)]
    assert page.parts("chart") == 5  # confusion, reliability, coverage; accuracy and loss of its training


def test_the_figures_are_the_cards(card: dict[str, Any]) -> None:
    figures = {label: value for label, value, _ in model_card.facts(card)}
    assert figures["FER2013, 7 classes"] == f"{100 * card['metrics']['fer']['accuracy']:.1f} %"
    shown = card["metrics"]["shown_by_head"][card["live_head"]]["against_ferplus_majority"]
    assert figures["Agrees with most people"] == f"{100 * shown['accuracy']:.1f} %"
    assert model_card.facts({}) == []


def test_the_other_labels_can_be_chosen(page: Dashboard, card: dict[str, Any]) -> None:
    choice = page.app.segmented_control(key=hooks.LABEL_CHOICE)
    before = page.text()
    choice.set_value(choice.options[1])
    after = page.run().text()
    recall = card["metrics"]["fer"]["per_class"]["fear"]["recall"]
    assert f"</span>{100 * recall:.0f} %" in after
    assert after != before


def test_an_older_card_says_what_is_missing(tmp_path: Path, page: Dashboard) -> None:
    content = {"name": "old", "live_head": "fer", "metrics": {"fer": {"accuracy": 0.7}}}
    (tmp_path / "card.json").write_text(json.dumps(content))
    serve(page, tmp_path)
    text = page.run().text()
    assert "single figures only" in text
    assert page.parts("chart") == 0
    assert "What the network sees" in text
    assert "What it is for" not in text  # a heading with nothing under it


@pytest.mark.parametrize(
    ("training", "said"),
    [
        ({}, "a VGG-16"),
        ({"architecture": "senet50", "width": 0.25}, "an SENet-50 with 25 % of its channels"),
        (
            {"architecture": "ensemble", "members": [{"architecture": "resnet50", "width": 1.0}, {"width": 0.5}]},
            "the mean of 2 networks (a ResNet-50; a VGG-16 with 50 % of its channels)",
        ),
    ],
)
def test_the_network_that_was_chosen_is_named(
    tmp_path: Path, page: Dashboard, training: dict[str, Any], said: str
) -> None:
    assert "Faces are read by a VGG-16, from" in page.text()
    (tmp_path / "card.json").write_text(json.dumps({"name": "mine", "training": {**training, "seed": 7}}))
    serve(page, tmp_path)
    text = page.run().text()
    assert f"Faces are read by {said}, from" in text


def test_numbers_of_a_card_are_shown_too() -> None:
    assert model_card.sentences({"seed": 7, "schedule": {"warm_up": 0.03}}) == ["Seed: 7", "Schedule: Warm up: 0.03"]


@pytest.mark.parametrize("content", [None, "{", "[]"])
def test_a_card_that_cannot_be_read_is_a_model_error(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "card.json").write_text(content)
    with pytest.raises(ModelError, match="card"):
        model_card.read_card(tmp_path)


# -- training's history ----------------------------------------------------------------------------------------------


def test_the_shipped_network_says_which_epochs_its_curves_are_of(page: Dashboard) -> None:
    history = model_card.read_history(MODEL)
    assert history is not None
    assert f"The {len(history['epoch'])} epochs of its last run." in page.text()
    assert "came as finished weights" not in page.text()


def test_a_network_that_came_as_weights_says_that_it_has_no_curves(tmp_path: Path, page: Dashboard) -> None:
    shutil.copy(MODEL / "card.json", tmp_path)
    serve(page, tmp_path)
    assert page.run().parts("chart") == 3
    assert "came as finished weights" in page.text()


def test_a_history_becomes_two_graphs(tmp_path: Path, page: Dashboard) -> None:
    shutil.copy(MODEL / "card.json", tmp_path)
    rows = "epoch,accuracy,val_accuracy,fer_loss,val_fer_loss\n1,0.4,0.5,1.5,1.2\n2,0.6,0.75,1.1,1.0\n"
    (tmp_path / model_card.HISTORY_FILE).write_text(rows)
    serve(page, tmp_path)
    assert page.run().parts("chart") == 5
    assert "came as finished weights" not in page.text()
    history = model_card.read_history(tmp_path)
    assert history is not None
    accuracy = model_charts.history_chart(history, "accuracy")["data"]
    assert [line["y"] for line in accuracy] == [[40.0, 60.0], [50.0, 75.0]]
    assert accuracy[0]["x"] == [1.0, 2.0]


@pytest.mark.parametrize("rows", ["epoch,accuracy\n1,high\n", "epoch,accuracy\n1\n"])
def test_a_damaged_history_is_a_model_error(tmp_path: Path, rows: str) -> None:
    (tmp_path / model_card.HISTORY_FILE).write_text(rows)
    with pytest.raises(ModelError, match="history"):
        model_card.read_history(tmp_path)


# -- charts ----------------------------------------------------------------------------------------------------------


def test_every_figure_is_a_valid_one(card: dict[str, Any]) -> None:
    figures = model_card.judgements(card)[0].figures
    history = {"epoch": [1.0, 2.0], "accuracy": [0.1, 0.2], "val_fer_loss": [1.0, 0.5]}
    for chart in (
        model_charts.confusion_chart(figures),
        model_charts.reliability_chart(figures),
        model_charts.coverage_chart(figures),
        model_charts.history_chart(history, "accuracy"),
        model_charts.history_chart(history, "loss"),
    ):
        plain = json.loads(json.dumps(chart).replace("var(--emrs-ink)", "#111").replace("var(--emrs-ground)", "#eee"))
        text = json.dumps(plain).replace("var(--emrs-accent)", "#933").replace("var(--emrs-faint)", "#ccc")
        assert len(go.Figure(json.loads(text)).data) == len(chart["data"]) > 0  # Plotly refuses what it cannot draw


def test_the_confusion_is_in_per_cent_of_each_label(card: dict[str, Any]) -> None:
    figures = model_card.judgements(card)[0].figures
    (cells,) = model_charts.confusion_chart(figures)["data"]
    for row in cells["z"]:
        assert 97 <= sum(row) <= 103  # seven rounded shares
    assert cells["customdata"] == figures["confusion"]
    assert "disgusted faces read as angry" in model_charts.confusion_text(figures)


def test_empty_bins_draw_nothing(card: dict[str, Any]) -> None:
    figures = model_card.judgements(card)[0].figures
    _, before, after = model_charts.reliability_chart(figures)["data"]
    for line, key in ((before, "before_temperature"), (after, "after_temperature")):
        assert len(line["x"]) == sum(entry["n"] > 0 for entry in figures["reliability"][key])
        assert None not in line["y"]
