"""Faces by Haar cascades: the frontal one first, the profile one and its mirror where that finds nothing.

Source: Viola & Jones (2001), Rapid object detection using a boosted cascade of simple features; the cascades are
OpenCV's own (``models/haar/README.md``). The settings come from the curve in ``benchmarks/results/faces_curve.md``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from emrs_core.errors import ModelError
from emrs_core.types import FaceBox, ImageArray
from emrs_core.vision.images import require_bgr

HAAR_FOLDER = Path(__file__).resolve().parents[2] / "models" / "haar"
SUMS_FILE = "SHA256SUMS"
FRONTAL_FILE = "haarcascade_frontalface_alt2.xml"
PROFILE_FILE = "haarcascade_profileface.xml"

REDUCTION = 0.5
"""Detection runs on a grey picture this much smaller: 60 px faces are still 30 px there, above the cascades' 20 px."""

SCALE_FACTOR = 1.1
MIN_NEIGHBOURS = 3
"""Of the curve's settings with at most 0.03 false boxes a picture the one that finds most faces (.71, of FER2013's
tight crops; whole heads from 60 px are all found). 1.15 finds .02 less for three quarters of the CPU, and misses some
whole heads of 60 and 80 px; 2 neighbours find .03 more at two and a half times the false boxes."""

MIN_FACE_PX = 40
"""Smallest box looked for, in pixels of the given picture, that is the frontal cascade's 20 px after the reduction: a
face too small to be read is still seen, so that "come closer" can be said; .05 more recall at 60 px than from 48."""

PROFILE_SCALE_FACTOR = 1.2
PROFILE_NEIGHBOURS = 2
PROFILE_MIN_FACE_PX = 96
"""The second look finds .02 more faces without one more false box. From 40 px on it would find hardly more and make a
picture without a face cost half as much again; a listener who turns away still sits before the camera."""

SAME_FACE_OVERLAP = 0.4
"""Share of the smaller of two boxes that lies in the other, above which both are one face."""


@dataclass(frozen=True, slots=True)
class HaarSettings:
    """One setting of the detector; the benchmark measures many of them, the product uses the default."""

    frontal_file: str = FRONTAL_FILE
    reduction: float = REDUCTION
    scale_factor: float = SCALE_FACTOR
    min_neighbours: int = MIN_NEIGHBOURS
    profile_neighbours: int | None = PROFILE_NEIGHBOURS  # None: no second look
    min_face_px: int = MIN_FACE_PX
    profile_min_face_px: int = PROFILE_MIN_FACE_PX
    profile_scale_factor: float = PROFILE_SCALE_FACTOR


class HaarFaceDetector:
    """A ``protocols.FaceDetector``: faces from 60 px. One thread at a time; make one per session.

    Boxes that only the profile cascade saw come with ``turned=True``.
    """

    def __init__(self, folder: Path = HAAR_FOLDER, settings: HaarSettings | None = None) -> None:
        """Load the cascades. Raises ModelError when a file is missing or is not the one that was measured."""
        cv2.setNumThreads(1)  # more threads cost more CPU than they save time, and sessions share the machine
        self._settings = settings or HaarSettings()
        sums = _read_sums(folder)
        self._frontal = _load(folder, self._settings.frontal_file, sums)
        self._profile = _load(folder, PROFILE_FILE, sums)

    def detect(self, image: ImageArray) -> tuple[FaceBox, ...]:
        """Boxes in pixels of the given (H, W, 3) uint8 BGR picture, largest first, none twice.

        Raises ImageError for anything else.
        """
        grey = self._reduce(require_bgr(image))
        settings = self._settings
        found = self._scan(self._frontal, grey, settings.min_neighbours)
        turned = not found and settings.profile_neighbours is not None
        if turned and settings.profile_neighbours is not None:
            found = self._scan_profiles(grey, settings.profile_neighbours)
        return tuple(self._enlarged(box, turned) for box in _one_each(found))

    def _enlarged(self, box: _Box, turned: bool) -> FaceBox:
        x, y, width, height = (round(value / self._settings.reduction) for value in box)
        return FaceBox(x, y, width, height, turned)

    def _reduce(self, image: ImageArray) -> Grey:
        grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
        factor = self._settings.reduction
        if factor == 1.0:
            return grey
        size = (max(1, round(grey.shape[1] * factor)), max(1, round(grey.shape[0] * factor)))
        return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)

    def _scan_profiles(self, grey: Grey, neighbours: int) -> list[_Found]:
        width = grey.shape[1]
        seen = self._scan(self._profile, grey, neighbours)  # it knows faces that look to the left only
        mirrored = self._scan(self._profile, np.ascontiguousarray(grey[:, ::-1]), neighbours)
        return seen + [(((width - x - w), y, w, h), votes) for (x, y, w, h), votes in mirrored]

    def _scan(self, cascade: cv2.CascadeClassifier, grey: Grey, neighbours: int) -> list[_Found]:
        boxes, votes = self._votes(cascade, grey, neighbours)
        return [
            ((int(x), int(y), int(w), int(h)), int(n)) for (x, y, w, h), n in zip(boxes, np.ravel(votes), strict=True)
        ]

    def _votes(
        self, cascade: cv2.CascadeClassifier, grey: Grey, neighbours: int
    ) -> tuple[Sequence[Sequence[int]], Sequence[int]]:
        scale_factor, smallest = self._range(cascade)
        return cascade.detectMultiScale2(
            grey, scaleFactor=scale_factor, minNeighbors=neighbours, minSize=(smallest, smallest)
        )

    def _range(self, cascade: cv2.CascadeClassifier) -> tuple[float, int]:
        """Scale factor, and the smallest box in pixels of the reduced picture."""
        settings = self._settings
        if cascade is self._frontal:
            return settings.scale_factor, round(settings.min_face_px * settings.reduction)
        return settings.profile_scale_factor, round(settings.profile_min_face_px * settings.reduction)


Grey = NDArray[np.uint8]
_Box = tuple[int, int, int, int]
_Found = tuple[_Box, int]


def _one_each(found: list[_Found]) -> list[_Box]:
    """The boxes without those that share a face with one of more votes; largest first."""
    kept: list[_Box] = []
    for box, _ in sorted(found, key=lambda item: item[1], reverse=True):
        if all(_shared(box, other) < SAME_FACE_OVERLAP for other in kept):
            kept.append(box)
    return sorted(kept, key=lambda box: box[2] * box[3], reverse=True)


def _shared(a: _Box, b: _Box) -> float:
    """The overlap of two boxes as a share of the smaller one, in [0, 1]."""
    across = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    down = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if across <= 0 or down <= 0:
        return 0.0
    return across * down / min(a[2] * a[3], b[2] * b[3])


def _read_sums(folder: Path) -> dict[str, str]:
    try:
        lines = (folder / SUMS_FILE).read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise ModelError(
            f"The face detector needs the cascades and their {SUMS_FILE} in {folder}, which cannot be read: {exc}. "
            "Restore the folder from the project."
        ) from exc
    return {name.strip(): digest for digest, _, name in (line.partition(" ") for line in lines) if name}


def _load(folder: Path, name: str, sums: dict[str, str]) -> cv2.CascadeClassifier:
    path = folder / name
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as exc:
        raise ModelError(f"The face detector's {name} is missing from {folder}: restore it from the project.") from exc
    if digest != sums.get(name):
        raise ModelError(
            f"The face detector's {path} is damaged: its SHA-256 should be {sums.get(name, 'listed')}, "
            f"but it is {digest}. Restore it from the project."
        )
    cascade = cv2.CascadeClassifier()
    if not cascade.load(str(path)):
        raise ModelError(f"{path} is not a cascade that this OpenCV ({cv2.__version__}) reads.")
    return cascade
