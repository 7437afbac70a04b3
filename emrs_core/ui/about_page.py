"""How it works, what the network's card says, and how far it can be trusted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import streamlit as st

from emrs_core.bootstrap import DEFAULT_MODEL_DIR
from emrs_core.errors import ModelError
from emrs_core.ui.wall import wall

STEPS: Final = (
    (
        "Find the face",
        "Haar cascades look for faces in a small grey copy of the picture; between looks the face is tracked. The "
        "largest face is the listener and stays it; others are framed, never read.",
    ),
    (
        "Check that it can be read",
        "Too dark, too bright, too small, blurred, turned away: then you get advice instead of a guess.",
    ),
    (
        "Guess the expression",
        "A VGG-16 network looks at 48 × 48 grey pixels and gives seven probabilities, calibrated so that 70 % is "
        "right about seven times in ten.",
    ),
    (
        "Let it settle",
        "Single guesses flicker. They are averaged over a second for the label and over a quarter of a minute for the "
        "mood that steers the music. When nothing stands out, the answer is “not sure”.",
    ),
    (
        "Find songs near it",
        "Mood and songs share one plane: unpleasant to pleasant, calm to energetic. Near songs are ranked with "
        "variety in artists and genres, each with its reason.",
    ),
)

LIMITS: Final = """
- **An expression is not a feeling.** People smile when sad and look stern when content. Your own word outranks the
  camera: choose by hand at any time.
- **It is often wrong.** People themselves agree on about two thirds of such pictures. Sad, afraid and neutral are
  confused most.
- **It does not see everybody equally well.** The pictures it learned from show few dark-skinned and few old faces, and
  the face finder itself misses more dark faces in poor light. Light from the front helps everybody.
- **Glasses, beards, masks and strong shadows** make it worse.
- **No diagnosis, no medical device, not for work or school.** The EU forbids emotion recognition there.
"""


def draw() -> None:
    """The page."""
    st.title("How it works")
    st.markdown("From your face to a song in five steps, all of them on the machine that runs this dashboard.")
    with wall("steps"):
        _draw_steps()
    with wall("limits"):
        st.subheader("How far to trust it")
        st.markdown(LIMITS)
    with wall("card"):
        _draw_card(read_card(DEFAULT_MODEL_DIR))


def read_card(folder: Path) -> dict[str, Any]:
    """The network's card. Raises ModelError when it is missing or no JSON object."""
    try:
        card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise ModelError(f"The network's card in {folder} could not be read: {exc}.") from exc
    if not isinstance(card, dict):
        raise ModelError(f"The network's card in {folder} should be a JSON object.")
    return card


def _draw_steps() -> None:
    items = "".join(f"<li><strong>{title}</strong>{text}</li>" for title, text in STEPS)
    st.html(f'<ol class="emrs-steps">{items}</ol>')


def _draw_card(card: dict[str, Any]) -> None:
    st.subheader("The network")
    facts = card_facts(card)
    columns = st.columns(len(facts)) if facts else []
    for column, (label, value, explanation) in zip(columns, facts, strict=True):
        column.metric(label, value, help=explanation, border=True)
    for name, text in card_notes(card):
        st.markdown(f"**{name}.** {text}")


def card_facts(card: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Label, figure and explanation for what the card has measured; nothing for what it has not."""
    wanted = (
        ("fer.accuracy", "FER2013, 7 classes", "Share of test pictures whose label it names; people reach about 65 %."),
        ("ferplus.accuracy", "FER+, 8 classes", "The same against the votes of ten people for each picture."),
        ("fer.ece", "Calibration error", "How far its stated probability misses the real hit rate, on average."),
    )
    metrics = _metrics(card)
    return [(label, f"{100 * metrics[key]:.1f} %", text) for key, label, text in wanted if key in metrics]


def card_notes(card: dict[str, Any]) -> list[tuple[str, str]]:
    """The card's own sentences on data and known failures."""
    notes: list[tuple[str, str]] = []
    for key, name in (("data", "Learned from"), ("known_failures", "Known failures")):
        value = card.get(key)
        text = value.get("description", "") if isinstance(value, dict) else value
        if isinstance(text, list):
            text = " ".join(str(part) for part in text)
        if text:
            notes.append((name, str(text)))
    return notes


def _metrics(card: dict[str, Any]) -> dict[str, float]:
    """The card's metrics by dotted name, whether it nests them or not."""
    flat: dict[str, float] = {}
    for key, value in card.get("metrics", {}).items():
        inner = value.items() if isinstance(value, dict) else [("", value)]
        for name, number in inner:
            if isinstance(number, int | float):
                flat[f"{key}.{name}" if name else key] = float(number)
    return flat
