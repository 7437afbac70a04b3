"""Faces by Haar cascades: the frontal one first, the profile one and its mirror where that finds nothing.

Source: Viola & Jones (2001), Rapid object detection using a boosted cascade of simple features; the cascades are
OpenCV's own (``models/haar/README.md``). The settings come from the curve in ``benchmarks/results/faces_curve.md``.
"""

from __future__ import annotations

import hashlib
import math
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

NEAR_REACH = 0.35
"""How far beyond a box, as a share of its side, a face is looked for that was just there ..."""

NEAR_SIZES = (0.7, 1.45)
"""... and in what sizes, as shares of that side. Of the pasted faces from 60 to 300 px that a look at the whole picture
finds, this finds .97 to .99 again from boxes up to a fifth of their side and .15 of their size beside it, for a
fortieth of the CPU; .2 and (.8, 1.25) find .89 to .95. Optical flow leaves far less to make up between two looks."""

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

    def detect(self, image: ImageArray, near: Sequence[FaceBox] = ()) -> tuple[FaceBox, ...]:
        """Boxes in pixels of the given (H, W, 3) uint8 BGR picture, largest first, none twice.

        With ``near`` it looks round these boxes alone, for faces of about their sizes: a small part of the work.
        Raises ImageError for anything but such a picture.
        """
        picture = require_bgr(image)
        height, width = picture.shape[:2]
        if near:
            found = [face for box in near for face in self._look(picture, self._surroundings(box, width, height), box)]
        else:
            found = self._look(picture, (0, 0, width, height))
        return tuple(self._enlarged(face) for face in _one_each(found))

    def _look(self, picture: ImageArray, window: _Window, like: FaceBox | None = None) -> list[_Found]:
        """The faces in a part of the picture, of about the size of ``like`` if given; profiles where no front is."""
        left, top, right, bottom = window
        if right <= left or bottom <= top:
            return []  # a face that left the picture
        settings, turned = self._settings, False
        grey = self._reduce(picture[top:bottom, left:right])
        seen = self._scan(self._frontal, grey, settings.min_neighbours, like)
        if not seen and settings.profile_neighbours is not None:
            seen, turned = self._scan_profiles(grey, settings.profile_neighbours, like), True
        dx, dy = round(left * settings.reduction), round(top * settings.reduction)
        return [_Found((x + dx, y + dy, w, h), votes, turned) for (x, y, w, h), votes in seen]

    def _surroundings(self, box: FaceBox, width: int, height: int) -> _Window:
        """The part of the picture round a box, with edges where pixels of the reduced whole picture have theirs: the
        cascade then sees the same pixels as there."""
        grid, reach = max(1, round(1 / self._settings.reduction)), NEAR_REACH * max(box.width, box.height)
        left, top = (grid * math.floor((start - reach) / grid) for start in (box.x, box.y))
        right, bottom = (grid * math.ceil((end + reach) / grid) for end in (box.x + box.width, box.y + box.height))
        return max(0, left), max(0, top), min(width, right), min(height, bottom)

    def _enlarged(self, face: _Found) -> FaceBox:
        x, y, width, height = (round(value / self._settings.reduction) for value in face.box)
        return FaceBox(x, y, width, height, face.turned)

    def _reduce(self, image: ImageArray) -> Grey:
        grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
        factor = self._settings.reduction
        if factor == 1.0:
            return grey
        size = (max(1, round(grey.shape[1] * factor)), max(1, round(grey.shape[0] * factor)))
        return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)

    def _scan_profiles(self, grey: Grey, neighbours: int, like: FaceBox | None) -> list[_Seen]:
        width = grey.shape[1]
        seen = self._scan(self._profile, grey, neighbours, like)  # it knows faces that look to the left only
        mirrored = self._scan(self._profile, np.ascontiguousarray(grey[:, ::-1]), neighbours, like)
        return seen + [(((width - x - w), y, w, h), votes) for (x, y, w, h), votes in mirrored]

    def _scan(self, cascade: cv2.CascadeClassifier, grey: Grey, neighbours: int, like: FaceBox | None) -> list[_Seen]:
        boxes, votes = self._votes(cascade, grey, neighbours, like)
        return [
            ((int(x), int(y), int(w), int(h)), int(n)) for (x, y, w, h), n in zip(boxes, np.ravel(votes), strict=True)
        ]

    def _votes(
        self, cascade: cv2.CascadeClassifier, grey: Grey, neighbours: int, like: FaceBox | None
    ) -> tuple[Sequence[Sequence[int]], Sequence[int]]:
        scale_factor, smallest = self._range(cascade)
        largest = 0  # any
        if like is not None:
            side = max(like.width, like.height) * self._settings.reduction
            smallest, largest = max(smallest, round(NEAR_SIZES[0] * side)), round(NEAR_SIZES[1] * side)
        return cascade.detectMultiScale2(
            grey,
            scaleFactor=scale_factor,
            minNeighbors=neighbours,
            minSize=(smallest, smallest),
            maxSize=(largest, largest),
        )

    def _range(self, cascade: cv2.CascadeClassifier) -> tuple[float, int]:
        """Scale factor, and the smallest box in pixels of the reduced picture."""
        settings = self._settings
        if cascade is self._frontal:
            return settings.scale_factor, round(settings.min_face_px * settings.reduction)
        return settings.profile_scale_factor, round(settings.profile_min_face_px * settings.reduction)


Grey = NDArray[np.uint8]
_Box = tuple[int, int, int, int]  # left, top, width, height
_Window = tuple[int, int, int, int]  # left, top, right, bottom
_Seen = tuple[_Box, int]  # with its votes


@dataclass(frozen=True, slots=True)
class _Found:
    """A face in pixels of the reduced picture."""

    box: _Box
    votes: int
    turned: bool


def _one_each(found: list[_Found]) -> list[_Found]:
    """The faces without those that share their place with one of more votes; largest first."""
    kept: list[_Found] = []
    for face in sorted(found, key=lambda face: face.votes, reverse=True):
        if all(_shared(face.box, other.box) < SAME_FACE_OVERLAP for other in kept):
            kept.append(face)
    return sorted(kept, key=lambda face: face.box[2] * face.box[3], reverse=True)


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
