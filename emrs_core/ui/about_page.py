"""How it works, and how far it can be trusted; what the network itself is like is on the Model page."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

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
        "A network, VGG-16 unless whoever runs this chose another, looks at 48 × 48 grey pixels and gives seven "
        "probabilities, calibrated so that 70 % is right about seven times in ten.",
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

MODEL_PAGE: Final = Path(__file__).resolve().parents[2] / "pages" / "model.py"

LIMITS: Final = """
- **An expression is not a feeling.** People smile when sad and look stern when content. Your own word outranks the
  camera: choose by hand at any time.
- **It does not see everybody equally well.** The face finder, too, misses more dark faces in poor light. Light from the
  front helps everybody; glasses, beards, masks and strong shadows make it worse.
- **It is often wrong, and there are uses it must not be put to.** The Model page says how often, and which.
"""


def draw() -> None:
    """The page."""
    st.title("How it works")
    st.markdown("From your face to a song in five steps, all of them on the machine that runs this dashboard.")
    with wall("steps"):
        _draw_steps()
    with wall("limits"):
        st.header("How far to trust it")
        st.markdown(LIMITS)
        st.page_link(MODEL_PAGE, label="The network’s figures and failures", icon=":material/neurology:")


def _draw_steps() -> None:
    items = "".join(f"<li><strong>{title}</strong>{text}</li>" for title, text in STEPS)
    st.html(f'<ol class="emrs-steps">{items}</ol>')
