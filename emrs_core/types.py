"""The words of this project: frozen values that cross module borders.

Data flows Frame -> Face -> EmotionEstimate -> MoodState -> Recommendation. Units stand in the names
(``t_s`` seconds since the session began, ``width_px``); valence and arousal are in [-1, 1], Spotify's own
valence and energy in [0, 1]. Every type here is immutable and may be read from any thread.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from emrs_core.errors import UsageError

ImageArray = NDArray[np.uint8]
"""(H, W, 3) BGR or (H, W) grey, uint8; the docstring of whoever takes one says which."""

PROBABILITY_SUM_TOLERANCE = 1e-3
"""How far seven probabilities may miss 1; 16-bit arithmetic stays within a tenth of it."""


class Emotion(StrEnum):
    """The seven emotions of FER2013, in its label order (0-6)."""

    ANGRY = "angry"
    DISGUST = "disgust"
    FEAR = "fear"
    HAPPY = "happy"
    SAD = "sad"
    SURPRISE = "surprise"
    NEUTRAL = "neutral"

    @classmethod
    def parse(cls, name: str) -> Emotion:
        """The emotion of that name, whatever its case. Raises UsageError naming the seven."""
        try:
            return cls(name.strip().lower())
        except ValueError:
            known = ", ".join(cls)
            raise UsageError(f"There is no emotion called {name!r}. Use one of: {known}.") from None


EMOTIONS: tuple[Emotion, ...] = tuple(Emotion)
"""The order of every seven-number tuple in this project."""


@dataclass(frozen=True, slots=True)
class AffectPoint:
    """A place on the valence-arousal plane; both in [-1, 1]."""

    valence: float
    arousal: float

    def __post_init__(self) -> None:
        if not (-1.0 <= self.valence <= 1.0 and -1.0 <= self.arousal <= 1.0):  # NaN fails too
            raise UsageError(
                f"Valence and arousal must lie between -1 and 1, got {self.valence!r} and {self.arousal!r}."
            )

    def distance_to(self, other: AffectPoint) -> float:
        """Euclidean distance on the plane, in [0, 2.83]."""
        return math.hypot(self.valence - other.valence, self.arousal - other.arousal)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of a stream. ``image`` is (H, W, 3) uint8 BGR and must not be written to; it lives in memory only."""

    image: ImageArray
    t_s: float


@dataclass(frozen=True, slots=True)
class FaceBox:
    """A face's square or rectangle in pixels of the frame; the corner may lie outside the picture."""

    x: int
    y: int
    width: int
    height: int
    turned: bool = False  # seen from the side: only a look for profiles found it

    @property
    def area(self) -> int:
        return self.width * self.height

    def iou(self, other: FaceBox) -> float:
        """Intersection over union with another box, in [0, 1]."""
        overlap_x = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        overlap_y = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        if overlap_x <= 0 or overlap_y <= 0:
            return 0.0
        overlap = overlap_x * overlap_y
        return overlap / (self.area + other.area - overlap)


class QualityIssue(StrEnum):
    """Why a face cannot be read well; ``emrs_core.ui`` has the advice for each."""

    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    TOO_SMALL = "too_small"
    BLURRED = "blurred"
    TURNED_AWAY = "turned_away"


@dataclass(frozen=True, slots=True)
class FaceQuality:
    """Whether a face may be read; ``reasons`` is empty exactly when it may."""

    reasons: tuple[QualityIssue, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.reasons


@dataclass(frozen=True, slots=True)
class Face:
    """A face in a frame. Exactly one face of a frame with faces is the listener's; the others are framed, not read."""

    box: FaceBox
    quality: FaceQuality
    is_listener: bool


@dataclass(frozen=True, slots=True)
class EmotionEstimate:
    """Calibrated probabilities of one look at one face: seven numbers in the order of EMOTIONS, summing to 1."""

    t_s: float
    probabilities: tuple[float, ...]

    def __post_init__(self) -> None:
        total = math.fsum(self.probabilities)
        in_range = all(0.0 <= p <= 1.0 + PROBABILITY_SUM_TOLERANCE for p in self.probabilities)
        if len(self.probabilities) != len(EMOTIONS) or not in_range or abs(total - 1.0) > PROBABILITY_SUM_TOLERANCE:
            raise ValueError(f"expected seven probabilities that sum to 1, got {self.probabilities!r}")

    @property
    def label(self) -> Emotion:
        return EMOTIONS[max(range(len(EMOTIONS)), key=self.probabilities.__getitem__)]

    def as_dict(self) -> dict[str, float]:
        return {str(e): p for e, p in zip(EMOTIONS, self.probabilities, strict=True)}


@dataclass(frozen=True, slots=True)
class FrameAnalysis:
    """What one frame showed. ``estimate`` is None when there was no readable listener or no prediction was due."""

    t_s: float
    faces: tuple[Face, ...] = ()
    estimate: EmotionEstimate | None = None
    picture: FaceQuality = field(default_factory=FaceQuality)  # of the whole picture, where no face was found in it

    @property
    def listener(self) -> Face | None:
        return next((face for face in self.faces if face.is_listener), None)


class MoodKind(StrEnum):
    """What can be said of the mood now; only EMOTION carries a label."""

    WAITING = "waiting"  # nothing seen yet
    EMOTION = "emotion"
    UNSURE = "unsure"  # a good face, no credible class
    POOR_FACE = "poor_face"  # a face that cannot be read
    NO_FACE = "no_face"


@dataclass(frozen=True, slots=True)
class SlowMood:
    """The mood that steers the music: an average over tens of seconds."""

    point: AffectPoint
    label: Emotion
    spread: float  # root mean square distance of the probabilities' points from ``point``, in plane units
    ready: bool  # enough valid frames over enough seconds to recommend on


@dataclass(frozen=True, slots=True)
class MoodState:
    """The calm reading at ``t_s``: a label that does not flicker, its smoothed probabilities, and the slow mood.

    ``probabilities`` and ``point`` are the last smoothed reading (None before the first one); they stay when the
    face goes away, while ``kind`` says that it did.
    """

    t_s: float
    kind: MoodKind
    label: Emotion | None = None
    confidence: float = 0.0  # smoothed probability of ``label``, 0 without one
    probabilities: tuple[float, ...] | None = None
    point: AffectPoint | None = None
    slow: SlowMood | None = None

    def __post_init__(self) -> None:
        if (self.kind is MoodKind.EMOTION) != (self.label is not None):
            raise ValueError(f"a mood of kind {self.kind} cannot carry the label {self.label}")

    @property
    def name(self) -> str:
        """The label, ``unsure`` (a poor face and a first look too) or ``no_face`` (also before anything was seen)."""
        if self.label is not None:
            return str(self.label)
        nobody = self.kind is MoodKind.NO_FACE or (self.kind is MoodKind.WAITING and self.probabilities is None)
        return "no_face" if nobody else "unsure"


@dataclass(frozen=True, slots=True)
class MoodSample:
    """One point of the emotion-over-time chart: the raw look (None when none was made) beside the calm state."""

    raw: EmotionEstimate | None
    mood: MoodState


@dataclass(frozen=True, slots=True)
class LiveStats:
    """How the live analysis is doing. Rates over the last few seconds, counts since Start."""

    received_fps: float = 0.0
    analysed_fps: float = 0.0
    delay_ms: float | None = None  # median from a frame's arrival to its result; None before the first
    received: int = 0
    dropped: int = 0  # frames that a newer one replaced before they were analysed
    errors: int = 0  # exceptions met at the walls of callback and worker


@dataclass(frozen=True, slots=True)
class LiveSnapshot:
    """Everything the script thread needs for one redraw."""

    mood: MoodState
    analysis: FrameAnalysis | None = None
    stats: LiveStats = field(default_factory=LiveStats)


@dataclass(frozen=True, slots=True)
class Track:
    """A song as a set of public facts. ``valence``, ``energy``, ``danceability``, ``acousticness`` in [0, 1]."""

    id: str  # Spotify's 22-character base-62 id, or one of our own (``music.links.own_id``) where a table has none
    title: str
    artist: str
    year: int
    genre: str
    duration_ms: int
    valence: float
    energy: float
    danceability: float
    acousticness: float
    tempo: float  # beats a minute
    explicit: bool | None = None  # None: nobody says
    isrc: str = ""  # the recording's international code, twelve characters; "" where it is not known
    popularity: float | None = None  # [0, 1], as the table's maker counted it; None: unknown


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A song chosen for a waypoint. ``point`` is the song's own place on the plane, ``reason`` one line in words."""

    track: Track
    point: AffectPoint
    waypoint: AffectPoint
    score: float
    reason: str


class MoodSource(StrEnum):
    """Where the mood that chose the songs came from."""

    CAMERA = "camera"
    HAND = "hand"
    SNAPSHOT = "snapshot"
    PHOTO = "photo"
