"""Kept sessions as one viewer may see them: what they may not see does not exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from emrs_core.errors import AccessDenied, TimelineError, TimelineNotFound
from emrs_core.timeline.access.people import AccessiblePeople
from emrs_core.timeline.access.viewer import Role
from emrs_core.timeline.events import Amended, Event, Excluded, Marker, Note, Sample, Withdrawn
from emrs_core.timeline.samples import Samples
from emrs_core.timeline.sessions import SessionFacts, SessionInfo, SessionSummary, Timeline
from emrs_core.timeline.store import SessionQuery

REVIEWED: Final = (Marker, Note, Excluded)
"""What a reviewer may add to somebody else's session, and put right or take away there."""


class AccessibleSessions(AccessiblePeople):
    """``KeptSessions`` for one viewer. Any thread.

    | may | owner of the machine | guest, signed in | reviewer |
    |---|---|---|---|
    | see | all | own | own, and those of studies |
    | mark, note, exclude; condition and tags | all | own | own, and those of studies |
    | record, end, delete; study, participant, title | all | own | own |

    Raises TimelineNotFound for what the viewer may not see, in the same words as for what is not there, and
    AccessDenied for what they see and may not do.
    """

    def begin(self, info: SessionInfo) -> None:
        if not self.viewer.owns(info):
            raise AccessDenied("A session belongs to whoever records or imports it; it cannot be made for others.")
        if self.viewer.role is not Role.OWNER and self._taken(info.id):
            raise TimelineError(f"The session id {info.id!r} cannot be used here: it is taken.")
        self._store.begin(info)

    def append(self, session_id: str, samples: Sequence[Sample] | Samples, events: Sequence[Event] = ()) -> None:
        info = self.info(session_id)
        if not self.viewer.owns(info):
            self._check_review(session_id, samples, events)
        self._store.append(session_id, samples, events)

    def end(self, session_id: str, ended_at: datetime) -> None:
        self._own(session_id, "ended")
        self._store.end(session_id, ended_at)

    def describe(self, session_id: str, facts: SessionFacts) -> None:
        info = self.info(session_id)
        if not self.viewer.owns(info) and replace(facts, condition="", tags=()) != replace(
            info.facts, condition="", tags=()
        ):
            raise AccessDenied(
                "This session is somebody else's: its study, participant and title can be changed only by them."
            )
        self._store.describe(session_id, facts)

    def read(self, session_id: str) -> Timeline:
        self.info(session_id)
        return self._store.read(session_id)

    def reread(self, before: Timeline) -> Timeline:
        self.info(before.info.id)
        return self._store.reread(before)

    def info(self, session_id: str) -> SessionInfo:
        info = self._store.info(session_id)
        if not self.viewer.sees(info):
            raise TimelineNotFound(f"No session with the id {session_id!r} is kept here.")
        return info

    def list(self, query: SessionQuery = SessionQuery()) -> tuple[SessionSummary, ...]:  # noqa: B008 - frozen
        if self.viewer.role is Role.OWNER:
            return self._store.list(query)
        if not self.viewer.reviewer:
            mine = query.owner in (None, self.viewer.owner_id)
            return self._store.list(replace(query, owner=self.viewer.owner_id)) if mine else ()
        every = self._store.list(replace(query, limit=None, offset=0))
        seen = [summary for summary in every if self.viewer.sees(summary.info)]
        return tuple(seen[query.offset : None if query.limit is None else query.offset + query.limit])

    def delete(self, session_id: str) -> None:
        self._own(session_id, "erased")
        self._store.delete(session_id)

    def _own(self, session_id: str, done: str) -> None:
        if not self.viewer.owns(self.info(session_id)):
            raise AccessDenied(f"This session is somebody else's: it can be {done} only by them.")

    def _taken(self, session_id: str) -> bool:
        try:
            return not self.viewer.owns(self._store.info(session_id))
        except TimelineNotFound:
            return False

    def _check_review(self, session_id: str, samples: Sequence[Sample] | Samples, events: Sequence[Event]) -> None:
        """Whether that is the work of a reviewer, and nothing else. Raises AccessDenied."""
        if len(samples) or not events or not all(isinstance(e, (*REVIEWED, Amended, Withdrawn)) for e in events):
            raise AccessDenied("This session is somebody else's: you can mark and note in it, and exclude parts of it.")
        edits = [event for event in events if isinstance(event, Amended | Withdrawn)]
        if not edits:
            return
        known = {event.id: event for event in (*events, *self._store.read(session_id).events)}  # what is kept wins
        for edit in edits:
            if isinstance(edit, Amended) and not isinstance(edit.replacement, REVIEWED):
                raise AccessDenied("A reviewer can put right markers, notes and exclusions, nothing else.")
            if not isinstance(_reviewed(known, edit.target_id), REVIEWED):
                raise AccessDenied("A reviewer can put right markers, notes and exclusions, nothing else.")


def _reviewed(known: dict[str, Event], event_id: str) -> Event | None:
    """The event that is reviewed in the end: a review may be of another review."""
    seen: set[str] = set()
    event = known.get(event_id)
    while isinstance(event, Amended | Withdrawn) and event.id not in seen:
        seen.add(event.id)
        event = known.get(event.target_id)
    return event
