"""What a person says about a song, or shows by what they do with it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType

from emrs_core.errors import UsageError
from emrs_core.types import AffectPoint

LONGEST_ID = 200
"""Characters of a song's id; anything longer is not an id."""


class FeedbackKind(StrEnum):
    """``SKIP`` and ``PLAYED_THROUGH`` count only when the player itself reported them."""

    LIKE = "like"
    DISLIKE = "dislike"
    SKIP = "skip"  # within 30 s of its start
    PLAYED_THROUGH = "played_through"
    WRONG_MOOD = "wrong_mood"  # "does not fit my mood": about the moment, not about the song


REWARDS: Mapping[FeedbackKind, float] = MappingProxyType(
    {
        FeedbackKind.LIKE: 1.0,
        FeedbackKind.DISLIKE: -1.0,
        FeedbackKind.SKIP: -0.5,  # people skip for many reasons
        FeedbackKind.PLAYED_THROUGH: 0.25,  # and let songs run that they hardly hear
    }
)
"""What each kind says about liking the song, in [-1, 1]. The face alone never counts as an opinion of a song."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """One opinion. ``track_id`` is the catalogue's id, ``mood`` where the person was on the plane then, if known.

    Raises UsageError for an id that is no UUID, a time without a zone, or a song's id that is empty or too long.
    """

    id: str
    kind: FeedbackKind
    track_id: str
    at: datetime
    mood: AffectPoint | None = None

    def __post_init__(self) -> None:
        check_event(self.id, self.at)
        if not 0 < len(self.track_id) <= LONGEST_ID:
            raise UsageError(f"A song's id has 1 to {LONGEST_ID} characters, got {self.track_id[:60]!r}.")

    @classmethod
    def now(cls, kind: FeedbackKind, track_id: str, mood: AffectPoint | None = None) -> Feedback:
        """That opinion given at this moment, with an id of its own."""
        return cls(new_id(), kind, track_id, datetime.now(UTC), mood)


def new_id() -> str:
    """A fresh id for an event: two visits never make the same."""
    return str(uuid.uuid4())


def check_event(event_id: str, at: datetime) -> None:
    """Raises UsageError for an id that is no UUID or a time without a zone."""
    try:
        uuid.UUID(event_id)
    except ValueError:
        raise UsageError(f"An event's id must be a UUID, got {event_id!r}.") from None
    if at.tzinfo is None:
        raise UsageError(f"An event's time needs a time zone, got {at.isoformat()}.")
