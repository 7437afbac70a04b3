"""What happens in a kept session, as events: frozen facts that are only ever added.

A session's timeline is its mood samples (up to ten a second) and its events. Nothing is changed in place: a marker that
is corrected is a new ``Amended`` event, one that is taken away a ``Withdrawn`` one, so the history stays whole. Times
are seconds since the session began, on a monotonic clock; the wall-clock start stands in ``SessionInfo`` once.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from emrs_core.errors import TimelineError
from emrs_core.types import EMOTIONS, PROBABILITY_SUM_TOLERANCE, AffectPoint, QualityIssue

SAM_SCALE = (1, 9)
"""The nine steps of a Self-Assessment Manikin. Source: Bradley & Lang (1994), Measuring emotion."""
PHQ2_SCALE = (0, 3)
"""Not at all .. nearly every day, for each of the two questions. Source: Kroenke, Spitzer & Williams (2003)."""


def new_id() -> str:
    """An id for an event or a session: 32 hexadecimal digits, unique everywhere."""
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at the listener's face, or the knowledge that there was none to look at."""

    t_s: float
    mood: str  # a label, ``unsure`` or ``no_face``, as in ``MoodState.name``
    raw: tuple[float, ...] | None  # seven probabilities of this single look; None when none was made
    smoothed: tuple[float, ...] | None  # seven probabilities of the calm reading; None before the first
    face: bool = True
    quality: tuple[QualityIssue, ...] = ()  # why the face could not be read; empty when it could
    point: AffectPoint | None = None  # the smoothed reading's place on the plane


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The part that all events share. Writing the same ``id`` twice writes it once."""

    t_s: float
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodChanged(Event):
    """The calm label became another; names as in ``MoodState.name``."""

    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceLost(Event):
    """Nobody is seen from here on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceFound(Event):
    """A face is seen again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SongsShown(Event):
    """A list of songs appeared."""

    track_ids: tuple[str, ...]
    target: AffectPoint
    origin: str  # ``MoodSource`` of the mood that chose them
    goal: str = "stay"


@dataclass(frozen=True, slots=True, kw_only=True)
class SongStarted(Event):
    """A click opened a song, or the queue went on to it."""

    track_id: str
    title: str
    artist: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SongEnded(Event):
    """The end of a song's segment, which began at ``began_s``; ``source`` is what the end rests on."""

    track_id: str
    began_s: float
    source: str  # click | duration | player | spotify
    heard_s: float | None = None  # the farthest place in the song; None where no player said
    skipped: bool = False
    played_through: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SongRated(Event):
    """The person said something about a song: ``like``, ``dislike``, ``wrong_mood``."""

    track_id: str
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker(Event):
    """A moment that somebody marked; a repeatable ``label`` such as a stimulus or an answer."""

    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Event):
    """Free text at a moment."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded(Event):
    """The stretch from ``t_s`` to ``until_s`` is left out of every statistic, for the given reason."""

    until_s: float
    reason: str = ""


class ReportMoment(StrEnum):
    """When a person was asked how they feel."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfReport(Event):
    """The person's own word: valence and arousal on the nine steps of the Self-Assessment Manikin.

    Raises TimelineError for a step that the scale does not have.
    """

    moment: ReportMoment
    valence: int  # 1 unpleasant .. 9 pleasant
    arousal: int  # 1 calm .. 9 energetic

    def __post_init__(self) -> None:
        _on_scale(SAM_SCALE, valence=self.valence, arousal=self.arousal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phq2(Event):
    """The two questions of the PHQ-2, 0-3 each. Never a diagnosis. Raises TimelineError for another answer."""

    interest: int
    mood: int

    def __post_init__(self) -> None:
        _on_scale(PHQ2_SCALE, interest=self.interest, mood=self.mood)


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline(Event):
    """The mean reading of a neutral face over the calibration from ``t_s`` to ``until_s``.

    Raises TimelineError for anything but seven probabilities.
    """

    until_s: float
    probabilities: tuple[float, ...]
    looks: int

    def __post_init__(self) -> None:
        most = 1.0 + PROBABILITY_SUM_TOLERANCE
        if len(self.probabilities) != len(EMOTIONS) or not all(0.0 <= p <= most for p in self.probabilities):
            raise TimelineError(f"A baseline has {len(EMOTIONS)} probabilities, got {self.probabilities!r:.80}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven(Event):
    """What was agreed to before anything was kept."""

    version: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsRecorded(Event):
    """What the readings of this session come from."""

    model_name: str
    model_sha256: str
    app_version: str
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended(Event):
    """In review, the event ``target_id`` was put right: ``replacement`` takes its place in every view."""

    target_id: str
    replacement: Marker | Note | Excluded | SelfReport
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(Event):
    """In review, the event ``target_id`` was taken away from every view; it stays in the history."""

    target_id: str
    at: datetime


def _on_scale(scale: tuple[int, int], **answers: int) -> None:
    low, high = scale
    for name, answer in answers.items():
        if not low <= answer <= high:
            raise TimelineError(f"The {name} must be a step from {low} to {high}, got {answer!r}.")
