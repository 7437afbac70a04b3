"""The edits of a review as events to append, and what was edited so far. Nothing is ever changed in place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from emrs_core.errors import UsageError
from emrs_core.timeline.events import Amended, Event, Excluded, Marker, Note, SelfReport, Withdrawn
from emrs_core.timeline.review import reviews_of, withdrawn_ids
from emrs_core.timeline.sessions import Timeline

Reviewable: TypeAlias = Marker | Note | Excluded | SelfReport
"""What a review can put right; markers, notes and exclusions can be added too."""

LABEL_CHARS, TEXT_CHARS = 120, 4_000
"""Longest marker and longest note: a name fits a lane, a note is a paragraph."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit: what it was about, and whether a later one took it back."""

    event: Amended | Withdrawn
    about: Event | None  # as first written, or the edit that this one took back; None when it is not there
    undone: bool

    @property
    def restored(self) -> bool:
        """Whether this edit took another edit back."""
        return isinstance(self.about, Amended | Withdrawn)


def checked(event: Reviewable, length_s: float) -> Reviewable:
    """The event with its text trimmed. Raises UsageError for what makes no sense in a session of that length."""
    last_s = event.until_s if isinstance(event, Excluded) else event.t_s
    if not 0 <= event.t_s <= last_s <= length_s:
        raise UsageError("The moment must lie within the session, and a stretch must begin before it ends.")
    match event:
        case Marker():
            return replace(event, label=_text(event.label, "A marker needs a name", LABEL_CHARS))
        case Note():
            return replace(event, text=_text(event.text, "A note needs some text", TEXT_CHARS))
        case Excluded():
            if event.until_s - event.t_s <= 0:
                raise UsageError("An excluded stretch must end after it begins.")
            return replace(event, reason=event.reason.strip()[:TEXT_CHARS])
    return event


def amended(event: Reviewable, replacement: Reviewable, at: datetime) -> Amended:
    """The edit that puts ``replacement`` in the place of ``event``. Raises UsageError for another kind of event."""
    if type(event) is not type(replacement):
        raise UsageError("An event can be put right only by one of its own kind.")
    return Amended(t_s=replacement.t_s, target_id=event.id, replacement=replacement, at=at)


def withdrawn(event: Event, at: datetime) -> Withdrawn:
    """The edit that takes ``event`` away; of an edit, the one that takes that edit back."""
    return Withdrawn(t_s=event.t_s, target_id=event.id, at=at)


def edits_of(timeline: Timeline) -> tuple[Edit, ...]:
    """All edits, the oldest first."""
    known = {event.id: event for event in timeline.events}
    gone = withdrawn_ids(timeline)
    return tuple(Edit(event, known.get(event.target_id), event.id in gone) for event in reviews_of(timeline))


def _text(text: str, missing: str, most: int) -> str:
    trimmed = text.strip()
    if not trimmed:
        raise UsageError(f"{missing}.")
    if len(trimmed) > most:
        raise UsageError(f"That is {len(trimmed):,} characters; at most {most:,} are kept.")
    return trimmed
