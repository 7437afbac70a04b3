"""Colours: one accent, and one colour for each emotion in a light and a dark variant.

The seven start from the hues of Okabe & Ito (2008), moved until every pair stays apart for the three common kinds of
colour blindness and each stands out from its background (a test simulates both). Colour is never the only sign: a
name, a dash pattern or a place goes with it.

Source: Okabe & Ito (2008), Color universal design, https://jfly.uni-koeln.de/color/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from emrs_core.types import Emotion

BACKGROUND_LIGHT: Final = "#FBF8F4"
BACKGROUND_DARK: Final = "#16121C"
"""As in ``.streamlit/config.toml``; a test keeps the two together."""


ACCENT: Final = "--emrs-accent"
INK: Final = "--emrs-ink"
FAINT: Final = "--emrs-faint"
GROUND: Final = "--emrs-ground"
"""CSS variables of the theme's own colours, for the charts."""
HEAT: Final = "--emrs-heat"
"""The fullest cell of a heatmap: the accent at little more than half strength, so that ink is read on every cell."""

_THEME_COLOURS: Final = (
    (ACCENT, "#8C3B5E", "#E58BAA"),
    (INK, "#2A2130", "#F3ECE6"),
    (FAINT, "rgb(42 33 48 / 12%)", "rgb(243 236 230 / 14%)"),
    (GROUND, BACKGROUND_LIGHT, BACKGROUND_DARK),
    (HEAT, "#BE90A2", "#88556A"),
)


@dataclass(frozen=True, slots=True)
class EmotionStyle:
    """How an emotion is drawn. Colours are ``#RRGGBB``; ``dash`` is Plotly's name of a line pattern."""

    light: str
    dark: str
    dash: str


EMOTION_STYLES: Mapping[Emotion, EmotionStyle] = MappingProxyType(
    {
        Emotion.ANGRY: EmotionStyle("#C43A0E", "#FA5A2A", "dash"),
        Emotion.DISGUST: EmotionStyle("#14452D", "#3B9A74", "dashdot"),
        Emotion.FEAR: EmotionStyle("#7B1F72", "#B055B4", "dot"),
        Emotion.HAPPY: EmotionStyle("#C27C00", "#FBD84B", "solid"),
        Emotion.SAD: EmotionStyle("#1450C4", "#62A6FF", "solid"),
        Emotion.SURPRISE: EmotionStyle("#0B90DB", "#9BF3F2", "longdash"),
        Emotion.NEUTRAL: EmotionStyle("#80727F", "#BFB5B5", "solid"),
    }
)


def css_variable(emotion: Emotion) -> str:
    """The CSS custom property that holds the emotion's colour in whichever theme is on."""
    return f"--emrs-{emotion}"


def css_variables() -> str:
    """All of them as declarations; ``light-dark()`` follows the ``color-scheme`` that Streamlit sets on its app."""
    named = [(css_variable(emotion), look.light, look.dark) for emotion, look in EMOTION_STYLES.items()]
    return "".join(f"{name}: light-dark({light}, {dark});" for name, light, dark in (*named, *_THEME_COLOURS))
