"""The emotions' colours: apart from each other for everyone, and from their background; the theme."""

from __future__ import annotations

import itertools
import re
import tomllib

import numpy as np
import pytest
from numpy.typing import NDArray

from emrs_core.types import EMOTIONS
from emrs_core.ui import navigation, palette
from tests.contrast import READABLE, STANDS_OUT, contrast, linear

COLOUR_BLINDNESS = {
    "none": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
"""Linear RGB seen with a missing cone. Source: Machado, Oliveira & Fernandes (2009), severity 1.0."""
LEAST_DISTANCE = 0.07
"""In Oklab, where about 0.02 is just noticeable side by side (Ottosson 2020)."""


def oklab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Source: Ottosson (2020), https://bottosson.github.io/posts/oklab/"""
    cones = np.array([[0.41222, 0.53633, 0.05145], [0.21190, 0.68070, 0.10740], [0.08830, 0.28172, 0.62998]])
    mixed = np.array([[0.21045, 0.79362, -0.00407], [1.97800, -2.42859, 0.45059], [0.02590, 0.78277, -0.80868]])
    return np.asarray(mixed @ np.cbrt(cones @ np.clip(rgb, 0, 1)))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("sight", COLOUR_BLINDNESS)
def test_no_two_emotions_look_alike(theme: str, sight: str) -> None:
    seen = {e: oklab(COLOUR_BLINDNESS[sight] @ linear(getattr(s, theme))) for e, s in palette.EMOTION_STYLES.items()}
    distances = {(a, b): float(np.linalg.norm(seen[a] - seen[b])) for a, b in itertools.combinations(EMOTIONS, 2)}
    assert min(distances.values()) >= LEAST_DISTANCE, min(distances, key=lambda pair: distances[pair])


@pytest.mark.parametrize(("theme", "ground"), [("light", palette.BACKGROUND_LIGHT), ("dark", palette.BACKGROUND_DARK)])
def test_every_emotion_stands_out_from_its_background(theme: str, ground: str) -> None:
    for emotion, look in palette.EMOTION_STYLES.items():
        assert contrast(getattr(look, theme), ground) >= STANDS_OUT, emotion


def test_theme_and_palette_agree() -> None:
    theme = tomllib.loads((navigation.ROOT / ".streamlit" / "config.toml").read_text())["theme"]
    assert theme["light"]["backgroundColor"] == palette.BACKGROUND_LIGHT
    assert theme["dark"]["backgroundColor"] == palette.BACKGROUND_DARK
    variables = palette.css_variables()
    for name, key in ((palette.ACCENT, "primaryColor"), (palette.INK, "textColor")):
        assert f"{name}: light-dark({theme['light'][key]}, {theme['dark'][key]});" in variables


def mixed(low: str, high: str, share: float) -> str:
    """The colour that far from the one to the other, as a chart draws it."""
    pairs = [(int(low[i : i + 2], 16), int(high[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + share * (b - a)):02x}" for a, b in pairs)


@pytest.mark.parametrize("dark", [False, True])
def test_ink_is_read_on_every_cell_of_a_heatmap(dark: bool) -> None:
    found = re.findall(r"(--emrs-[a-z]+): light-dark\((#\w+), (#\w+)\)", palette.css_variables())
    colours = {name: either[dark] for name, *either in found}
    for share in np.linspace(0, 1, 11):
        cell = mixed(colours[palette.GROUND], colours[palette.HEAT], float(share))
        assert contrast(colours[palette.INK], cell) >= READABLE, (share, cell)
