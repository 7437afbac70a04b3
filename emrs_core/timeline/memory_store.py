"""Sessions in memory: for a guest, whose sessions end with the visit, and for tests."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import numpy as np

from emrs_core.errors import ConsentWithdrawn, TimelineError, TimelineNotFound
from emrs_core.timeline.events import Event, Sample
from emrs_core.timeline.samples import Samples
from emrs_core.timeline.sessions import (
    Participant,
    SessionFacts,
    SessionInfo,
    SessionState,
    SessionSummary,
    Study,
    Timeline,
)
from emrs_core.timeline.store import Consent, ParticipantRecord, SessionQuery, check_change, check_code, is_withdrawn
from emrs_core.timeline.tally import Tally, as_columns, check_events


@dataclass(slots=True, eq=False)
class _Kept:
    info: SessionInfo
    samples: list[Samples] = field(default_factory=list)
    events: dict[str, Event] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)


class MemoryTimelineStore:
    """``TimelineStore`` and ``PeopleStore`` that are gone with this object. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._sessions: dict[str, _Kept] = {}
        self._studies: dict[str, Study] = {}
        self._participants: dict[str, Participant] = {}
        self._consents: dict[tuple[str, str, datetime], Consent] = {}

    def begin(self, info: SessionInfo) -> None:
        with self._lock:
            self._sessions.setdefault(info.id, _Kept(info))

    def append(self, session_id: str, samples: Sequence[Sample] | Samples, events: Sequence[Event] = ()) -> None:
        columns, checked = as_columns(samples), check_events(events)
        with self._lock:
            kept = self._required(session_id)
            if kept.info.state is SessionState.RUNNING:
                self._check_consent(kept.info.participant)
            for there in kept.samples:
                if len(columns) and there.t_s[-1] >= columns.t_s[0]:
                    columns = columns.take(~np.isin(columns.t_s, there.t_s))
            fresh = [event for event in checked if event.id not in kept.events]
            if len(columns):
                kept.samples.append(columns)
            kept.events |= {event.id: event for event in fresh}
            kept.tally = kept.tally.plus(columns, fresh)

    def end(self, session_id: str, ended_at: datetime) -> None:
        with self._lock:
            kept = self._required(session_id)
            if kept.info.state is SessionState.RUNNING:
                kept.info = replace(kept.info, state=SessionState.ENDED, ended_at=ended_at.astimezone(UTC))

    def describe(self, session_id: str, facts: SessionFacts) -> None:
        with self._lock:
            kept = self._required(session_id)
            kept.info = kept.info.described(facts)

    def read(self, session_id: str) -> Timeline:
        with self._lock:
            kept = self._required(session_id)
            events = tuple(sorted(kept.events.values(), key=lambda event: event.t_s))
            return Timeline(kept.info, Samples.joined(kept.samples).in_order(), events)

    def reread(self, before: Timeline) -> Timeline:
        with self._lock:
            kept = self._required(before.info.id)
            size = kept.tally.samples, len(kept.events)
            same = before.info == kept.info and size == (len(before.samples), len(before.events))
            return before if same else self.read(before.info.id)

    def info(self, session_id: str) -> SessionInfo:
        with self._lock:
            return self._required(session_id).info

    def list(self, query: SessionQuery = SessionQuery()) -> tuple[SessionSummary, ...]:  # noqa: B008 - frozen
        with self._lock:
            found = [kept.tally.summary(kept.info) for kept in self._sessions.values() if query.admits(kept.info)]
        found.sort(key=lambda summary: summary.info.id)
        found.sort(key=lambda summary: summary.info.started_at, reverse=True)
        return tuple(found[query.offset : None if query.limit is None else query.offset + query.limit])

    def delete(self, session_id: str) -> None:
        with self._lock:
            self._required(session_id)
            del self._sessions[session_id]

    def put_study(self, study: Study) -> None:
        with self._lock:
            self._studies[study.name] = study.checked()

    def change_study(self, name: str, changed: Study) -> int:
        with self._lock:
            moves = check_change(name, changed, self._studies)
            moving = [kept for kept in self._sessions.values() if moves and kept.info.study == name]
            for kept in moving:
                kept.info = replace(kept.info, study=changed.name)
            del self._studies[name]
            self._studies[changed.name] = changed
            return len(moving)

    def drop_study(self, name: str) -> None:
        with self._lock:
            if name not in self._studies:
                raise TimelineNotFound(f"There is no study called {name!r}.")
            if any(kept.info.study == name for kept in self._sessions.values()):
                raise TimelineError(f"Sessions belong to the study {name!r}: move or erase them first.")
            del self._studies[name]

    def studies(self) -> tuple[Study, ...]:
        with self._lock:
            return tuple(study for _, study in sorted(self._studies.items()))

    def put_participant(self, participant: Participant) -> None:
        with self._lock:
            self._participants[participant.code] = participant

    def participants(self) -> tuple[Participant, ...]:
        with self._lock:
            return tuple(person for _, person in sorted(self._participants.items()))

    def put_consent(self, consent: Consent) -> None:
        with self._lock:
            self._consents.setdefault((consent.participant, consent.version, consent.at), consent)

    def withdraw_consent(self, participant: str, at: datetime) -> None:
        with self._lock:
            if not self.consents(participant):
                raise TimelineNotFound(f"No consent of the participant {participant!r} is recorded.")
            for key, consent in self._consents.items():
                if consent.participant == participant and consent.withdrawn_at is None:
                    self._consents[key] = replace(consent, withdrawn_at=at)

    def consents(self, participant: str) -> tuple[Consent, ...]:
        with self._lock:
            found = [consent for consent in self._consents.values() if consent.participant == participant]
        return tuple(sorted(found, key=lambda consent: (consent.at, consent.version)))

    def export_all(self, participant: str) -> ParticipantRecord:
        with self._lock:
            ids = self._known(participant)
            person = self._participants.get(participant, Participant(participant))
            return ParticipantRecord(person, self.consents(participant), tuple(self.read(one) for one in ids))

    def erase_all(self, participant: str) -> int:
        with self._lock:
            ids = self._known(participant)
            for session_id in ids:
                del self._sessions[session_id]
            self._participants.pop(participant, None)
            self._consents = {key: one for key, one in self._consents.items() if one.participant != participant}
            return len(ids)

    def retire(self, now: datetime) -> tuple[str, ...]:
        with self._lock:
            ids = tuple(one for one, kept in self._sessions.items() if self._is_over(kept.info, now))
            for session_id in ids:
                del self._sessions[session_id]
            return ids

    def _required(self, session_id: str) -> _Kept:
        if session_id not in self._sessions:
            raise TimelineNotFound(f"No session with the id {session_id!r} is kept here.")
        return self._sessions[session_id]

    def _check_consent(self, participant: str) -> None:
        if participant and is_withdrawn(self.consents(participant)):
            raise ConsentWithdrawn(f"The participant {participant} took the agreement back; recording has ended.")

    def _is_over(self, info: SessionInfo, now: datetime) -> bool:
        until = self._studies[info.study].keeps_until(info.started_at) if info.study in self._studies else None
        return until is not None and until < now

    def _known(self, participant: str) -> tuple[str, ...]:
        """The participant's sessions, the oldest first."""
        check_code(participant)
        found = [kept.info for kept in self._sessions.values() if kept.info.participant == participant]
        if not found and participant not in self._participants and not self.consents(participant):
            raise TimelineNotFound(f"Nothing is kept of a participant with the code {participant!r}.")
        return tuple(info.id for info in sorted(found, key=lambda info: info.started_at))
