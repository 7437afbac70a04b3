"""One picture from a person: checked, made smaller, read; in memory only."""

from __future__ import annotations

import hashlib
from typing import Final

import cv2
import numpy as np

from emrs_core.errors import ImageError
from emrs_core.session import ListenerSession
from emrs_core.types import FrameAnalysis, MoodKind, MoodSource, MoodState
from emrs_core.ui.state import StillReading
from emrs_core.vision.decode import decode, fit_within
from emrs_core.vision.overlay import draw

MAX_MB: Final = 20
"""As ``server.maxUploadSize`` in ``.streamlit/config.toml``: the largest photos of phones have about 15."""
FORMATS: Final = ("jpg", "jpeg", "png", "webp", "bmp")


def fingerprint(data: bytes) -> str:
    """Tells one file from another, so that a redraw does not read the same picture again."""
    return hashlib.sha256(data).hexdigest()


def read(session: ListenerSession, data: bytes, source: MoodSource) -> StillReading:
    """Find and read the face; a readable one sets the songs. Raises ImageError for a file that is no picture."""
    if len(data) > MAX_MB * 2**20:
        raise ImageError(f"The picture has {len(data) / 2**20:.0f} MB; at most {MAX_MB} are read. Save it smaller.")
    image, _ = fit_within(decode(data, "This file"))
    analysis = session.read_still(image, source)
    shown = draw(image, analysis, _mood(analysis))
    picture = cv2.cvtColor(shown, cv2.COLOR_BGR2RGB).astype(np.uint8, copy=False)
    return StillReading(source, fingerprint(data), analysis, picture)


def _mood(analysis: FrameAnalysis) -> MoodState | None:
    """One look as a mood, for the label on the picture."""
    estimate = analysis.estimate
    if estimate is None:
        return None
    return MoodState(analysis.t_s, MoodKind.EMOTION, estimate.label, max(estimate.probabilities))
