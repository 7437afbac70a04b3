"""Whether a face can be read: light, size, sharpness, and whether it looks this way.

Pure functions; any thread. The thresholds were measured on FER2013's validation faces with the project's network:
shares of faces read right, from ``benchmarks/face_reading.py`` (``results/quality_curve.csv``).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from emrs_core.types import FaceBox, FaceQuality, ImageArray, QualityIssue
from emrs_core.vision.images import require_bgr

DARK_MEAN = 35.0
"""Mean grey level of a face below which it is too dark. With a camera's noise .88 of faces of mean 50 are read right
(lit ones: .90), .86 of mean 40, .84 of mean 30, .75 of mean 20; of 1,000 normal faces one is as dark as 38."""

BRIGHT_MEAN = 220.0
"""... above which it is too bright: at 210-225 .81 are read right, above 225 .73 and falling; half a per cent of normal
faces lie above 208."""

SATURATED_LEVEL = 250
SATURATED_SHARE = 0.5
"""Share of white pixels above which a face is too bright: .87 are read right at 0.4-0.5, .82 at 0.5-0.6, .60 above
0.8; 99.5 % of normal faces stay below 0.17."""

MIN_SHARPNESS = 0.30
"""``sharpness`` below which a face is blurred: .62 are read right at 0.25-0.30, .73 at 0.30-0.35, .89 from 0.5 on; of
1,000 normal faces one is as soft as 0.45."""

MIN_FACE_PX = 50
"""Shorter side of the box: a frontal cascade's box of a 60 px face is 56 px wide (median), with a few pixels of
jitter. The network itself would read faces down to 40 px unharmed, but the cascades lose them."""

DARK_PICTURE_MEAN = 40.0
BRIGHT_PICTURE_MEAN = 235.0
"""The same for whole pictures in which no face was found: an unlit room lies below 25, a lit one at 80-170; a white
wall that is exposed as white is a camera without exposure control or a lamp in the picture."""

INNER_SHARE = 0.7
"""Share of the box that is graded: brow to mouth, without the background in the box's corners."""

GRADED_SIDE_PX = 48
"""Faces are graded at this size, the network's own: blur that vanishes at 48 px does no harm."""


def face_quality(image: ImageArray, box: FaceBox) -> FaceQuality:
    """Everything that keeps the face in that box of a (H, W, 3) BGR picture from being read.

    About 0.1 ms of CPU. Raises ImageError for another kind of picture.
    """
    issues = []
    if min(box.width, box.height) < MIN_FACE_PX:
        issues.append(QualityIssue.TOO_SMALL)
    if box.turned:
        issues.append(QualityIssue.TURNED_AWAY)
    face = _inner_grey(require_bgr(image), box)
    if face is not None:
        light = light_issue(face)
        if light is not None:
            issues.append(light)
        elif sharpness(face) < MIN_SHARPNESS:  # in the dark the camera's noise says nothing of sharpness
            issues.append(QualityIssue.BLURRED)
    return FaceQuality(tuple(issues))


def light_issue(face: NDArray[np.uint8]) -> QualityIssue | None:
    """TOO_DARK or TOO_BRIGHT for a grey picture of a face, or None."""
    if float(face.mean()) < DARK_MEAN:
        return QualityIssue.TOO_DARK
    washed_out = float(np.mean(face >= SATURATED_LEVEL)) > SATURATED_SHARE
    if washed_out or float(face.mean()) > BRIGHT_MEAN:
        return QualityIssue.TOO_BRIGHT
    return None


def picture_issue(image: ImageArray) -> QualityIssue | None:
    """TOO_DARK or TOO_BRIGHT for a whole (H, W, 3) BGR picture in which no face was found, or None.

    A face in the dark is mostly not detected at all; this lets the advice about light be given all the same.
    Raises ImageError for another kind of picture.
    """
    sample = require_bgr(image)[::8, ::8]  # every 64th pixel gives the mean to well under a grey level
    mean = float(cv2.cvtColor(np.ascontiguousarray(sample), cv2.COLOR_BGR2GRAY).mean())
    if mean < DARK_PICTURE_MEAN:
        return QualityIssue.TOO_DARK
    if mean > BRIGHT_PICTURE_MEAN:
        return QualityIssue.TOO_BRIGHT
    return None


def picture_quality(image: ImageArray) -> FaceQuality:
    """``picture_issue`` as a FaceQuality."""
    issue = picture_issue(image)
    return FaceQuality() if issue is None else FaceQuality((issue,))


def sharpness(face: NDArray[np.uint8]) -> float:
    """Fine detail as a share of all contrast: the spread of the Laplacian over that of the grey levels.

    Independent of light and contrast. Source: Pertuz, Puig & Garcia (2013), Analysis of focus measure operators,
    variance of the Laplacian; divided by the picture's own variance here.
    """
    values = face.astype(np.float32)
    spread = float(values.std())
    if spread < 1.0:  # nothing but one grey level: no detail at all
        return 0.0
    return float(cv2.Laplacian(values, cv2.CV_32F).std()) / spread


def _inner_grey(image: ImageArray, box: FaceBox) -> NDArray[np.uint8] | None:
    """The inner part of the face that lies in the picture, grey, at about GRADED_SIDE_PX for the whole box."""
    edge = (1.0 - INNER_SHARE) / 2
    top, left = max(0, round(box.y + edge * box.height)), max(0, round(box.x + edge * box.width))
    bottom, right = round(box.y + (1 - edge) * box.height), round(box.x + (1 - edge) * box.width)
    part = image[top : max(0, bottom), left : max(0, right)]
    if part.size == 0:
        return None
    grey = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY)
    scale = GRADED_SIDE_PX / max(box.width, box.height)
    size = (max(2, round(grey.shape[1] * scale)), max(2, round(grey.shape[0] * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(grey, size, interpolation=how), dtype=np.uint8)
