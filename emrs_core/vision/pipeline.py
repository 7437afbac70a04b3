"""From a frame to what it shows: faces, their quality, and a look at the listener's face when one is due."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emrs_core.protocols import EmotionModel, FaceDetector
from emrs_core.types import EmotionEstimate, Face, FaceBox, Frame, FrameAnalysis, ImageArray
from emrs_core.vision.preprocess import face_crop, whole_image
from emrs_core.vision.quality import face_quality, picture_quality
from emrs_core.vision.tracking import TIME_SLACK_S, FaceTracker

PREDICTIONS_PER_S = 8.0
"""Looks a second. The mood is smoothed over 0.6 s: more looks would not be seen, fewer would make it jump."""


@dataclass(frozen=True, slots=True)
class FaceReading:
    """A face of a still picture and what the network reads in it, whatever its quality."""

    face: Face
    estimate: EmotionEstimate


class FaceAnalyser:
    """Looks at faces for one visitor.

    ``analyse`` follows a stream: one thread, frames in order of time. The other methods look at single pictures,
    leave the stream's memory alone and may be called from any thread meanwhile. All raise ImageError for anything but
    non-empty (H, W, 3) uint8 BGR pictures.
    """

    def __init__(
        self, detector: FaceDetector, model: EmotionModel, *, predictions_per_s: float = PREDICTIONS_PER_S
    ) -> None:
        self._detector = _OneAtATime(detector)
        self._model = model
        self._tracker = FaceTracker(self._detector)
        self._period_s = 1.0 / predictions_per_s
        self._last_s = -math.inf
        self._due_s = -math.inf

    def analyse(self, frame: Frame) -> FrameAnalysis:
        """What the next frame of the stream shows.

        ``estimate`` is made when the listener's face can be read and the last look lies long enough back.
        """
        faces = self._tracker.update(frame)
        if frame.t_s < self._last_s:  # another stream began
            self._due_s = -math.inf
        self._last_s = frame.t_s
        listener = next((face for face in faces if face.is_listener), None)
        if listener is None:
            return FrameAnalysis(frame.t_s, picture=picture_quality(frame.image))
        estimate = None
        if listener.quality.ok and frame.t_s >= self._due_s - TIME_SLACK_S:
            # The next one is due a period after this one was, not after it came: so the mean rate is kept.
            self._due_s = max(self._due_s, frame.t_s - self._period_s) + self._period_s
            estimate = self._estimate(frame.image, listener.box, frame.t_s)
        return FrameAnalysis(frame.t_s, faces, estimate)

    def analyse_still(self, image: ImageArray) -> FrameAnalysis:
        """What a single picture shows, at time 0. The estimate is the listener's, if that face can be read."""
        faces = self._faces(image)
        if not faces:
            return FrameAnalysis(0.0, picture=picture_quality(image))
        estimate = self._estimate(image, faces[0].box, 0.0) if faces[0].quality.ok else None
        return FrameAnalysis(0.0, faces, estimate)

    def read_faces(self, image: ImageArray) -> tuple[FaceReading, ...]:
        """Every face of a single picture, the listener (the largest) first, each with its own probabilities."""
        faces = self._faces(image)
        if not faces:
            return ()
        crops = np.stack([face_crop(image, face.box) for face in faces])
        rows = self._model.predict(crops)
        return tuple(FaceReading(face, _as_estimate(row, 0.0)) for face, row in zip(faces, rows, strict=True))

    def read_whole(self, image: ImageArray) -> FaceReading:
        """A picture that is nothing but a face: no detection."""
        height, width = image.shape[:2]
        box = FaceBox(0, 0, width, height)
        face = Face(box, face_quality(image, box), is_listener=True)
        return FaceReading(face, _as_estimate(self._model.predict(whole_image(image)[np.newaxis])[0], 0.0))

    def _faces(self, image: ImageArray) -> tuple[Face, ...]:
        boxes = self._detector.detect(image)
        return tuple(Face(box, face_quality(image, box), is_listener=i == 0) for i, box in enumerate(boxes))

    def _estimate(self, image: ImageArray, box: FaceBox, t_s: float) -> EmotionEstimate:
        return _as_estimate(self._model.predict(face_crop(image, box)[np.newaxis])[0], t_s)


class _OneAtATime:
    """Detectors may be called by one thread at a time; a snapshot can be taken while the stream runs."""

    def __init__(self, detector: FaceDetector) -> None:
        self._detector = detector
        self._lock = threading.Lock()

    def detect(self, image: ImageArray, near: Sequence[FaceBox] = ()) -> tuple[FaceBox, ...]:
        with self._lock:
            return self._detector.detect(image, near)


def _as_estimate(row: np.ndarray[tuple[int, ...], np.dtype[np.float32]], t_s: float) -> EmotionEstimate:
    return EmotionEstimate(t_s, tuple(float(p) for p in row))
