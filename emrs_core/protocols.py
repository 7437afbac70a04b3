"""The seams. Every real adapter and its fake pass the same contract tests in ``emrs_core.testing``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from emrs_core.types import AffectPoint, FaceBox, FrameAnalysis, ImageArray, MoodState, Track


class Clock(Protocol):
    """A monotonic clock in seconds. MUST never run backwards. Any thread."""

    def now_s(self) -> float: ...


class FaceDetector(Protocol):
    """Finds faces in one picture, without memory of the one before.

    MUST return boxes in pixels of the given picture, largest first, none twice; an empty tuple when there is no face.
    MUST accept any size from 426x240 to 1920x1080 and find faces from 60 px. MAY be called from one thread at a
    time only; make one per session. Raises ImageError for anything but a non-empty (H, W, 3) uint8 BGR array.
    """

    def detect(self, image: ImageArray) -> tuple[FaceBox, ...]: ...


class EmotionModel(Protocol):
    """Reads faces that ``vision.preprocess.face_crop`` has cut out.

    MUST be safe to call from several threads. MUST give the same answer for the same face.
    """

    def predict(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(N, 48, 48) grey uint8 -> (N, 7) calibrated probabilities in the order of EMOTIONS, each row summing to 1.

        Raises ImageError for another shape or type.
        """
        ...

    def warm_up(self) -> None:
        """Pay the cost of the first prediction now. Call it before a camera starts."""
        ...


class Catalogue(Protocol):
    """The songs to choose from. MUST be immutable after construction, so any thread may read it."""

    def tracks(self) -> Sequence[Track]:
        """All songs, in a stable order, each id once."""
        ...

    def get(self, track_id: str) -> Track | None: ...


class SessionListener(Protocol):
    """Is told what happens in a visit, in the visit's seconds. MUST return at once and never raise. Any thread."""

    def observed(self, analysis: FrameAnalysis, mood: MoodState) -> None:
        """A frame was analysed, and this is the mood with it."""
        ...

    def songs_shown(self, t_s: float, track_ids: tuple[str, ...], target: AffectPoint, origin: str, goal: str) -> None:
        """A list appeared; ``origin`` is the ``MoodSource`` of the mood that chose it."""
        ...

    def song_started(self, t_s: float, track: Track) -> None: ...

    def song_ended(
        self,
        t_s: float,
        track_id: str,
        began_s: float,
        source: str,
        heard_s: float | None = None,
        skipped: bool = False,
        played_through: bool = False,
    ) -> None:
        """The song that began at ``began_s`` is over; ``source`` is what that rests on, ``heard_s`` how far it came."""
        ...

    def song_rated(self, t_s: float, track_id: str, verdict: str) -> None: ...

    def forgot(self) -> None:
        """The person erased the visit: what was told before must not stay anywhere."""
        ...
