"""Everything a profile is made of, as events in the order they came; and how an event is written down."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from emrs_core.errors import StorageError, UsageError
from emrs_core.music.taste.feedback import Feedback, FeedbackKind, check_event
from emrs_core.types import EMOTIONS, PROBABILITY_SUM_TOLERANCE, AffectPoint, Emotion

FEEDBACK, MOOD_DRAGGED, READING_ANSWERED = "feedback", "mood_dragged", "reading_answered"


@dataclass(frozen=True, slots=True)
class MoodDragged:
    """The person moved the mood from where the face was read (``face``) to where they feel to be (``person``)."""

    id: str
    at: datetime
    face: AffectPoint
    person: AffectPoint

    def __post_init__(self) -> None:
        check_event(self.id, self.at)


@dataclass(frozen=True, slots=True)
class ReadingAnswered:
    """The answer to "was the emotion right?": ``read`` are seven probabilities in the order of EMOTIONS.

    Raises UsageError when they are not seven in [0, 1] that sum to 1.
    """

    id: str
    at: datetime
    read: tuple[float, ...]
    true: Emotion

    def __post_init__(self) -> None:
        check_event(self.id, self.at)
        in_range = all(0.0 <= p <= 1.0 + PROBABILITY_SUM_TOLERANCE for p in self.read)
        if len(self.read) != len(EMOTIONS) or not in_range or abs(sum(self.read) - 1.0) > PROBABILITY_SUM_TOLERANCE:
            raise UsageError(f"A reading has seven probabilities that sum to 1, got {self.read!r}.")


TasteEvent = Feedback | MoodDragged | ReadingAnswered


def kind_of(event: TasteEvent) -> str:
    """``feedback``, ``mood_dragged`` or ``reading_answered``."""
    match event:
        case Feedback():
            return FEEDBACK
        case MoodDragged():
            return MOOD_DRAGGED
        case ReadingAnswered():
            return READING_ANSWERED


def body_of(event: TasteEvent) -> dict[str, Any]:
    """What an event says beside its id, kind and time, ready for JSON."""
    match event:
        case Feedback():
            mood = None if event.mood is None else _pair(event.mood)
            return {"feedback": str(event.kind), "track_id": event.track_id, "mood": mood}
        case MoodDragged():
            return {"face": _pair(event.face), "person": _pair(event.person)}
        case ReadingAnswered():
            return {"read": list(event.read), "true": str(event.true)}


def event_from(event_id: str, kind: str, at: str, body: str) -> TasteEvent:
    """The event as it was written down, ``body`` as JSON. Raises StorageError when it is damaged."""
    try:
        when, fields = datetime.fromisoformat(at), json.loads(body)
        if kind == FEEDBACK:
            mood = None if fields["mood"] is None else AffectPoint(*fields["mood"])
            return Feedback(event_id, FeedbackKind(fields["feedback"]), str(fields["track_id"]), when, mood)
        if kind == MOOD_DRAGGED:
            return MoodDragged(event_id, when, AffectPoint(*fields["face"]), AffectPoint(*fields["person"]))
        if kind == READING_ANSWERED:
            return ReadingAnswered(event_id, when, tuple(map(float, fields["read"])), Emotion(fields["true"]))
    except (ValueError, KeyError, TypeError, UsageError) as exc:
        raise StorageError(f"the entry {event_id!r} is damaged ({exc})") from exc
    raise StorageError(f"the entry {event_id!r} is of a kind that this version does not know: {kind!r}")


def _pair(point: AffectPoint) -> list[float]:
    return [point.valence, point.arousal]
