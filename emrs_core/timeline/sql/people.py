"""Studies, participants and consents in SQLite or PostgreSQL."""

from __future__ import annotations

import contextlib
import json
from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from emrs_core.errors import StoreUnavailable, TimelineError, TimelineNotFound
from emrs_core.timeline.sessions import Participant, Study, Timeline
from emrs_core.timeline.sql import rows, schema
from emrs_core.timeline.sql.database import Database
from emrs_core.timeline.sql.erasing import erase_sessions
from emrs_core.timeline.store import Consent, ParticipantRecord, check_change, check_code


class SqlPeople(ABC):
    """``PeopleStore``, but for the sessions, which lie in the same database. Any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @abstractmethod
    def read(self, session_id: str) -> Timeline:
        """A session, as ``TimelineStore`` gives it."""

    def put_study(self, study: Study) -> None:
        self._put(schema.studies, "name", _study_row(study.checked()))

    def change_study(self, name: str, changed: Study) -> int:
        studies, sessions = schema.studies.c, schema.sessions.c
        moved = 0
        with self._database.writing() as connection:
            names = list(connection.scalars(select(studies.name)))
            if check_change(name, changed, names):
                moving = update(schema.sessions).where(sessions.study == name).values(study=changed.name)
                moved = connection.execute(moving).rowcount
            connection.execute(update(schema.studies).where(studies.name == name).values(_study_row(changed)))
        return moved

    def studies(self) -> tuple[Study, ...]:
        with self._database.reading() as connection:
            found = connection.execute(select(schema.studies).order_by(schema.studies.c.name)).all()
        return tuple(_study(row) for row in found)

    def drop_study(self, name: str) -> None:
        sessions = schema.sessions.c
        with self._database.writing() as connection:
            if connection.scalar(select(sessions.id).where(sessions.study == name).limit(1)) is not None:
                raise TimelineError(f"Sessions belong to the study {name!r}: move or erase them first.")
            if not connection.execute(delete(schema.studies).where(schema.studies.c.name == name)).rowcount:
                raise TimelineNotFound(f"There is no study called {name!r}.")

    def put_participant(self, participant: Participant) -> None:
        lists = {"conditions": json.dumps(participant.conditions), "tags": json.dumps(participant.tags)}
        self._put(schema.participants, "code", {"code": participant.code, **lists})

    def participants(self) -> tuple[Participant, ...]:
        with self._database.reading() as connection:
            found = connection.execute(select(schema.participants).order_by(schema.participants.c.code)).all()
        return tuple(rows.participant_of(row) for row in found)

    def put_consent(self, consent: Consent) -> None:
        given = (consent.participant, consent.version, consent.at)
        with self._database.writing() as connection:
            there = consents_of(connection, consent.participant)
            if given not in [(one.participant, one.version, one.at) for one in there]:
                connection.execute(insert(schema.consents).values((*given, consent.withdrawn_at)))

    def consents(self, participant: str) -> tuple[Consent, ...]:
        with self._database.reading() as connection:
            return consents_of(connection, participant)

    def withdraw_consent(self, participant: str, at: datetime) -> None:
        table = schema.consents.c
        with self._database.writing() as connection:
            if not consents_of(connection, participant):
                raise TimelineNotFound(f"No consent of the participant {participant!r} is recorded.")
            standing = (table.participant == participant) & table.withdrawn_at.is_(None)
            connection.execute(update(schema.consents).where(standing).values(withdrawn_at=at))

    def export_all(self, participant: str) -> ParticipantRecord:
        check_code(participant)
        known = {person.code: person for person in self.participants()}
        consents, ids = self.consents(participant), self._session_ids(participant)
        if participant not in known and not consents and not ids:
            raise TimelineNotFound(f"Nothing is kept of a participant with the code {participant!r}.")
        person = known.get(participant, Participant(participant))
        return ParticipantRecord(person, consents, tuple(self.read(session_id) for session_id in ids))

    def erase_all(self, participant: str) -> int:
        check_code(participant)
        sessions, people, consents = schema.sessions.c, schema.participants.c, schema.consents.c
        with self._database.writing() as connection:
            ids = list(connection.scalars(select(sessions.id).where(sessions.participant == participant)))
            erase_sessions(connection, ids)
            gone = connection.execute(delete(schema.participants).where(people.code == participant)).rowcount
            gone += connection.execute(delete(schema.consents).where(consents.participant == participant)).rowcount
            if gone or ids:
                self._database.mark_traces(connection)
        if self._database.has_traces():  # of an erasure that was cut off, too
            self._database.scrub(rebuild=True)
        if not gone and not ids:
            raise TimelineNotFound(f"Nothing is kept of a participant with the code {participant!r}.")
        return len(ids)

    def retire(self, now: datetime) -> tuple[str, ...]:
        sessions, studies = schema.sessions.c, schema.studies.c
        query = select(sessions.id, sessions.started_at, studies.name, studies.retention_days, studies.phq2).where(
            sessions.study == studies.name, studies.retention_days.is_not(None)
        )
        with self._database.writing() as connection:
            found = [(row, _study(row).keeps_until(row.started_at)) for row in connection.execute(query)]
            ids = [row.id for row, until in found if until is not None and until < now]
            if ids:
                erase_sessions(connection, ids)
                self._database.mark_traces(connection)
        if self._database.has_traces():
            with contextlib.suppress(StoreUnavailable):  # a reader is in the way: the next opening tries again
                self._database.scrub(rebuild=True)
        return tuple(ids)

    def _session_ids(self, participant: str) -> list[str]:
        table = schema.sessions.c
        query = select(table.id).where(table.participant == participant).order_by(table.started_at)
        with self._database.reading() as connection:
            return list(connection.scalars(query))

    def _put(self, table: Table, key: str, values: dict[str, Any]) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(table).where(table.c[key] == values[key]))
            connection.execute(insert(table).values(values))


def consents_of(connection: Connection, participant: str) -> tuple[Consent, ...]:
    """That participant's agreements, the oldest first."""
    table = schema.consents.c
    query = select(schema.consents).where(table.participant == participant).order_by(table.at, table.version)
    return tuple(Consent(row.participant, row.version, row.at, row.withdrawn_at) for row in connection.execute(query))


def _study_row(study: Study) -> dict[str, Any]:
    return {"name": study.name, "retention_days": study.retention_days, "phq2": study.phq2}


def _study(row: Any) -> Study:
    return Study(row.name, row.retention_days, row.phq2)
