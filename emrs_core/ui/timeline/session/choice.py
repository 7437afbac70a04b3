"""What a visitor chose to look at in a session: which curves, which stretch, which threshold, which mark."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from emrs_core.timeline.intervals import Span


class Readings(StrEnum):
    """Which probabilities are drawn."""

    SMOOTHED = "Smoothed"
    RAW = "Every single look"


class Form(StrEnum):
    """How they are drawn."""

    LINES = "Lines"
    AREAS = "Stacked"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A value of ``series`` (an emotion's name, ``valence`` or ``arousal``) and the side of it that counts."""

    series: str
    level: float  # probability in [0, 1], or plane units
    above: bool = True


@dataclass(slots=True, eq=False)
class Review:
    """One visit's look at one session. Anew for each session."""

    session_id: str = ""
    own: bool = True  # whether the session is the visitor's, to take over a neutral face into
    readings: Readings = Readings.SMOOTHED
    form: Form = Form.LINES
    less_baseline: bool = False
    threshold: Threshold | None = None
    view: Span | None = None  # None: the whole session
    jumps: int = 0  # grows whenever the chart shall go to ``view``, not the other way round
    moment_s: float | None = None  # the last place clicked
    chosen: str | None = None  # the id of the event that is being looked at
    added: int = 0  # marks added so far: each gets an empty form

    def go_to(self, view: Span | None) -> None:
        """Let the chart show that stretch."""
        self.view = view
        self.jumps += 1
