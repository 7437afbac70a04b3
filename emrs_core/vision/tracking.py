"""Faces over time: looked for a few times a second, followed by optical flow in between.

Everything is scheduled in seconds of frame time, so that a slow camera, a file and a test behave alike.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from emrs_core.protocols import FaceDetector
from emrs_core.types import Face, FaceBox, Frame, ImageArray
from emrs_core.vision.flow import Region, follow
from emrs_core.vision.images import require_bgr
from emrs_core.vision.quality import face_quality

DETECTION_PERIOD_S = 1 / 3.8
"""While a face is followed. Flow drifts by well under a tenth of a face in this time."""

WHOLE_PERIOD_S = 1.0
"""While all faces are found again where they were followed to, only so often is the rest of the picture looked at: for
others who join. That is most of detection's work."""

SEARCH_PERIOD_S = 0.2
"""While no face is there, one is lost, or a new one waits for its second look."""

FORGET_AFTER_S = 1.0
"""A face that no detection has confirmed for so long is gone; a Haar cascade misses a turned head for less."""

LONGEST_GAP_S = 0.5
"""After a longer pause between frames there is no motion to follow: look afresh."""

SAME_FACE_SHIFT = 0.6
"""A detection belongs to a followed face when their centres are nearer than this share of the larger side."""

SAME_FACE_SIZE = 2.5
"""... and their sizes differ by less than this factor: a face that comes nearer takes a second to double."""

PLACE_GAIN = 0.5
"""Share of the difference between flow and detection that is taken over at each detection. Flow carries the motion,
so this only damps the jitter of the cascade's boxes (a few per cent of their size) and adds no lag."""

SIZE_GAIN = 0.35
"""The same for the size, whose jitter shows more."""

SURE_LOOKS = 2
"""Detections that a new face needs before it is shown: a single false box never flashes."""

TIME_SLACK_S = 1e-3  # frame times of a file are rounded to milliseconds


@dataclass(slots=True)
class _Followed:
    """One face that is followed. The centre and the sides are in pixels of the newest frame."""

    x: float
    y: float
    width: float
    height: float
    turned: bool
    confirmed_s: float
    looks: int = 1
    shown: bool = False

    @classmethod
    def from_box(cls, box: FaceBox, t_s: float) -> _Followed:
        return cls(box.x + box.width / 2, box.y + box.height / 2, box.width, box.height, box.turned, t_s)

    @property
    def region(self) -> Region:
        return Region(self.x - self.width / 2, self.y - self.height / 2, self.width, self.height)

    @property
    def box(self) -> FaceBox:
        region = self.region
        return FaceBox(round(region.x), round(region.y), round(self.width), round(self.height), self.turned)

    def shift_to(self, box: FaceBox) -> float:
        """Distance of the centres as a share of the larger side; infinite where the sizes do not match."""
        ratio = max(self.width, box.width) / max(1.0, min(self.width, box.width))
        if ratio > SAME_FACE_SIZE:
            return math.inf
        away = math.hypot(box.x + box.width / 2 - self.x, box.y + box.height / 2 - self.y)
        return away / max(self.width, box.width)

    def holds(self, box: FaceBox) -> bool:
        """Whether the middle of one lies in the other."""
        x, y = abs(box.x + box.width / 2 - self.x), abs(box.y + box.height / 2 - self.y)
        return x < max(self.width, box.width) / 2 and y < max(self.height, box.height) / 2

    def confirm(self, box: FaceBox, t_s: float) -> None:
        self.x += PLACE_GAIN * (box.x + box.width / 2 - self.x)
        self.y += PLACE_GAIN * (box.y + box.height / 2 - self.y)
        self.width += SIZE_GAIN * (box.width - self.width)
        self.height += SIZE_GAIN * (box.height - self.height)
        self.turned, self.confirmed_s, self.looks = box.turned, t_s, self.looks + 1
        self.shown = self.shown or self.looks >= SURE_LOOKS


class FaceTracker:
    """Follows every face of a stream; the largest becomes the listener and stays it while it is visible.

    One per stream; one thread. A face seen from the front while nobody else is there is shown at once; any other
    after its second detection.
    """

    def __init__(
        self,
        detector: FaceDetector,
        *,
        detection_period_s: float = DETECTION_PERIOD_S,
        search_period_s: float = SEARCH_PERIOD_S,
        forget_after_s: float = FORGET_AFTER_S,
    ) -> None:
        self._detector = detector
        self._detection_period_s = detection_period_s
        self._search_period_s = search_period_s
        self._forget_after_s = forget_after_s
        self.reset()

    def reset(self) -> None:
        """Forget everything: another stream begins."""
        self._faces: list[_Followed] = []
        self._listener: _Followed | None = None
        self._picture: ImageArray | None = None
        self._t_s = -math.inf
        self._looked_s = -math.inf
        self._whole_s = -math.inf
        self._lost = False
        self._missed = False

    def update(self, frame: Frame) -> tuple[Face, ...]:
        """The faces of the next frame, the listener first, then by size. Raises ImageError for a bad picture.

        A frame that is older than the one before begins another stream.
        """
        image = require_bgr(frame.image)
        if frame.t_s < self._t_s:
            self.reset()
        self._move(frame)
        if self._look_is_due(frame.t_s):
            self._look(frame)
        self._forget(frame.t_s)
        self._picture, self._t_s = image, frame.t_s
        shown = [face for face in self._faces if face.shown]
        listener = self._choose_listener(shown)
        shown.sort(key=lambda face: (face is not listener, -face.width * face.height))
        return tuple(Face(face.box, face_quality(image, face.box), face is listener) for face in shown)

    def _move(self, frame: Frame) -> None:
        """Carry every face along to the new frame."""
        before, self._lost = self._picture, False
        if before is None or not self._faces:
            return
        if before.shape != frame.image.shape:  # WebRTC changes the picture's size with the bandwidth
            self._rescale(frame.image.shape[1] / before.shape[1], frame.image.shape[0] / before.shape[0])
            self._lost = True
            return
        if frame.t_s - self._t_s > LONGEST_GAP_S:
            self._lost = True
            return
        for face in self._faces:
            step = follow(before, frame.image, face.region)
            if step is None:
                self._lost = True
                continue
            face.x, face.y = face.x + step.dx, face.y + step.dy
            face.width, face.height = face.width * step.growth, face.height * step.growth

    def _rescale(self, across: float, down: float) -> None:
        for face in self._faces:
            face.x, face.width = face.x * across, face.width * across
            face.y, face.height = face.y * down, face.height * down

    def _look_is_due(self, t_s: float) -> bool:
        period = self._detection_period_s if self._settled else self._search_period_s
        return t_s - self._looked_s >= period - TIME_SLACK_S

    @property
    def _settled(self) -> bool:
        """Whether every face is a sure one that is followed; there is at least one."""
        return bool(self._faces) and not self._lost and all(face.looks >= SURE_LOOKS for face in self._faces)

    def _places(self, t_s: float) -> list[FaceBox]:
        """Where alone to look: where the faces are followed to. Nowhere in particular when the whole picture is due."""
        whole = not self._settled or self._missed or t_s - self._whole_s >= WHOLE_PERIOD_S - TIME_SLACK_S
        if whole:
            self._whole_s = t_s
        return [] if whole else [face.box for face in self._faces]

    def _look(self, frame: Frame) -> None:
        """Detect; confirm the faces that are found again, drop those not seen a second time, add new ones."""
        self._looked_s = frame.t_s
        boxes = self._detector.detect(frame.image, self._places(frame.t_s))
        matches = _matches(self._faces, boxes)
        self._missed = len(matches) < len(self._faces)
        for i, j in matches.items():
            self._faces[i].confirm(boxes[j], frame.t_s)
        alone = not self._faces
        kept = [face for i, face in enumerate(self._faces) if i in matches or face.looks >= SURE_LOOKS]
        spare = [box for j, box in enumerate(boxes) if j not in matches.values()]
        # A box that shares its middle with a face already known is another size of that face, not a second one.
        fresh = [_Followed.from_box(box, frame.t_s) for box in spare if not any(face.holds(box) for face in kept)]
        if alone and fresh and not fresh[0].turned:
            fresh[0].shown = True
        self._faces = kept + fresh

    def _forget(self, t_s: float) -> None:
        self._faces = [face for face in self._faces if t_s - face.confirmed_s <= self._forget_after_s + TIME_SLACK_S]

    def _choose_listener(self, shown: list[_Followed]) -> _Followed | None:
        if not any(face is self._listener for face in shown):
            self._listener = max(shown, key=lambda face: face.width * face.height, default=None)
        return self._listener


def _matches(faces: Sequence[_Followed], boxes: Sequence[FaceBox]) -> dict[int, int]:
    """Which face (index) each box (index) belongs to, the nearest pairs first, each once."""
    near = sorted(
        (shift, i, j)
        for i, face in enumerate(faces)
        for j, box in enumerate(boxes)
        if (shift := face.shift_to(box)) <= SAME_FACE_SHIFT
    )
    matches: dict[int, int] = {}
    for _, i, j in near:
        if i not in matches and j not in matches.values():
            matches[i] = j
    return matches
