"""The JSON shapes that several commands print."""

from __future__ import annotations

from typing import Any

from emrs_core.affect import point_of
from emrs_core.types import EmotionEstimate, Face, FaceQuality

DIGITS = 5
"""Decimals of every number printed: beyond what 16-bit weights can mean."""


def describe_quality(quality: FaceQuality) -> dict[str, Any]:
    return {"ok": quality.ok, "reasons": [str(reason) for reason in quality.reasons]}


def describe_probabilities(estimate: EmotionEstimate) -> dict[str, float]:
    return {name: round(p, DIGITS) for name, p in estimate.as_dict().items()}


def describe_face(face: Face, estimate: EmotionEstimate, factor: float = 1.0) -> dict[str, Any]:
    """One entry of ``faces``; ``factor`` takes the box back to the pixels of the original picture."""
    box, point = face.box, point_of(estimate.probabilities)
    return {
        "box": [round(side * factor) for side in (box.x, box.y, box.width, box.height)],
        "listener": face.is_listener,
        "label": str(estimate.label),
        "probabilities": describe_probabilities(estimate),
        "valence": round(point.valence, DIGITS),
        "arousal": round(point.arousal, DIGITS),
        "quality": describe_quality(face.quality),
    }
