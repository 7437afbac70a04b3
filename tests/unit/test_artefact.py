"""A model folder that cannot be trusted is refused in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from emrs_core.errors import ModelError
from emrs_core.types import EMOTIONS
from emrs_core.vision.artefact import KERAS_FILE, LITERT_FILE, load_card, sha256_of, verify
from emrs_core.vision.litert import LiteRTEmotionModel
from emrs_core.vision.preprocess import SCALING

SEVEN = [str(emotion) for emotion in EMOTIONS]
EIGHT = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"]
Change = Callable[[dict[str, Any]], Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (KERAS_FILE, LITERT_FILE):
        (tmp_path / name).write_bytes(name.encode())
    card = {
        "name": "tiny",
        "labels": SEVEN,
        "heads": {"fer": SEVEN, "ferplus": EIGHT},
        "live_head": "ferplus",
        "temperature": {"fer": 1.0, "ferplus": 0.5},
        "input": {"size": 48, "channels": 1, "scaling": SCALING},
        "data": {},
        "metrics": {},
        "training": {},
        "files": {name: sha256_of(tmp_path / name) for name in (KERAS_FILE, LITERT_FILE)},
    }
    (tmp_path / "card.json").write_text(json.dumps(card))
    return tmp_path


def rewrite(folder: Path, change: Change) -> None:
    path = folder / "card.json"
    card = json.loads(path.read_text())
    change(card)
    path.write_text(json.dumps(card))


def test_a_sound_folder_is_read(folder: Path) -> None:
    card = load_card(folder)
    verify(folder, card)
    assert card.heads["ferplus"] == tuple(EIGHT)
    assert card.temperature["ferplus"] == 0.5


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda card: card.pop("heads"), "'heads' is missing"),
        (lambda card: card["heads"].update(fer=SEVEN[:6]), "expected 7 known labels for the head 'fer'"),
        (lambda card: card["heads"].update(fer=["joy", *SEVEN[1:]]), "expected 7 known labels"),
        (lambda card: card["heads"].update(fer=["anger", *SEVEN[:6]]), "does not name each of the seven"),
        (lambda card: card["heads"].update(extra=[]), "expected the heads fer, ferplus"),
        (lambda card: card.update(labels=SEVEN[:5]), "'labels' to be the seven emotions"),
        (lambda card: card.update(live_head="both"), "'live_head'"),
        (lambda card: card["temperature"].update(fer=0), "temperature above 0"),
        (lambda card: card["temperature"].pop("ferplus"), "'ferplus' is missing"),
        (lambda card: card["input"].update(scaling="x/127.5 - 1"), "prepares faces with scaling"),
        (lambda card: card["input"].update(size=64), "prepares faces with size = 48, the model wants 64"),
        (lambda card: card["files"].pop(LITERT_FILE), "does not list model.tflite"),
        (lambda card: card["files"].update({"../secret": "0"}), "inside the folder"),
        (lambda card: card.update(heads=3), "not a card"),
    ],
)
def test_a_card_of_another_layout_is_refused(folder: Path, change: Change, complaint: str) -> None:
    rewrite(folder, change)
    with pytest.raises(ModelError, match=complaint) as caught:
        load_card(folder)
    assert "Restore the folder" in str(caught.value)


def test_a_missing_folder_and_a_card_that_is_no_json_are_refused(folder: Path) -> None:
    with pytest.raises(ModelError, match=r"no model in .*nowhere"):
        load_card(folder / "nowhere")
    (folder / "card.json").write_text("{half")
    with pytest.raises(ModelError, match="cannot be read as JSON"):
        load_card(folder)


@pytest.mark.parametrize("name", [KERAS_FILE, LITERT_FILE])
def test_one_changed_byte_or_a_missing_file_is_noticed(folder: Path, name: str) -> None:
    card = load_card(folder)
    content = bytearray((folder / name).read_bytes())
    content[-1] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(ModelError, match=rf"{name} is damaged"):
        verify(folder, card)
    (folder / name).unlink()
    with pytest.raises(ModelError, match=rf"{name} is missing"):
        verify(folder, card)


def test_the_live_network_refuses_a_damaged_folder_and_a_file_that_is_no_network(folder: Path) -> None:
    with pytest.raises(ModelError, match="cannot be loaded as a LiteRT network"):
        LiteRTEmotionModel(folder)  # its checksums fit, its content is text
    (folder / LITERT_FILE).write_bytes(b"cut short")
    with pytest.raises(ModelError, match="is damaged"):
        LiteRTEmotionModel(folder)
