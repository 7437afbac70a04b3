"""Studies, participants and consents in SQLite or PostgreSQL."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, delete, insert, select

from emrs_core.errors import TimelineNotFound
from emrs_core.timeline.sessions import Participant, Study, Timeline
from emrs_core.timeline.sql import rows, schema
from emrs_core.timeline.sql.database import Database
from emrs_core.timeline.sql.erasing import erase_sessions
from emrs_core.timeline.store import Consent, ParticipantRecord


class SqlPeople:
    """``PeopleStore``. The sessions of the same database belong to it. Any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, session_id: str) -> Timeline:
        raise NotImplementedError

    def put_study(self, study: Study) -> None:
        values = {"name": study.name, "retention_days": study.retention_days, "phq2": study.phq2}
        self._put(schema.studies, "name", values)

    def studies(self) -> tuple[Study, ...]:
        with self._database.reading() as connection:
            found = connection.execute(select(schema.studies).order_by(schema.studies.c.name)).all()
        return tuple(Study(row.name, row.retention_days, row.phq2) for row in found)

    def put_participant(self, participant: Participant) -> None:
        lists = {"conditions": json.dumps(participant.conditions), "tags": json.dumps(participant.tags)}
        self._put(schema.participants, "code", {"code": participant.code, **lists})

    def participants(self) -> tuple[Participant, ...]:
        with self._database.reading() as connection:
            found = connection.execute(select(schema.participants).order_by(schema.participants.c.code)).all()
        return tuple(rows.participant_of(row) for row in found)

    def put_consent(self, consent: Consent) -> None:
        if consent not in self.consents(consent.participant):
            values = {"participant": consent.participant, "version": consent.version, "at": consent.at}
            with self._database.writing() as connection:
                connection.execute(insert(schema.consents).values(values))

    def consents(self, participant: str) -> tuple[Consent, ...]:
        table = schema.consents.c
        query = select(schema.consents).where(table.participant == participant).order_by(table.at, table.version)
        with self._database.reading() as connection:
            found = connection.execute(query).all()
        return tuple(Consent(row.participant, row.version, row.at) for row in found)

    def export_all(self, participant: str) -> ParticipantRecord:
        known = {person.code: person for person in self.participants()}
        consents, ids = self.consents(participant), self._session_ids(participant)
        if participant not in known and not consents and not ids:
            raise TimelineNotFound(f"Nothing is kept of a participant with the code {participant!r}.")
        person = known.get(participant, Participant(participant))
        return ParticipantRecord(person, consents, tuple(self.read(session_id) for session_id in ids))

    def erase_all(self, participant: str) -> int:
        sessions, people, consents = schema.sessions.c, schema.participants.c, schema.consents.c
        with self._database.writing() as connection:
            ids = list(connection.scalars(select(sessions.id).where(sessions.participant == participant)))
            erase_sessions(connection, ids)
            gone = connection.execute(delete(schema.participants).where(people.code == participant)).rowcount
            gone += connection.execute(delete(schema.consents).where(consents.participant == participant)).rowcount
        self._database.scrub(rebuild=True)
        if not gone and not ids:
            raise TimelineNotFound(f"Nothing is kept of a participant with the code {participant!r}.")
        return len(ids)

    def retire(self, now: datetime) -> tuple[str, ...]:
        sessions, studies = schema.sessions.c, schema.studies.c
        query = select(sessions.id, sessions.started_at, studies.retention_days).where(
            sessions.study == studies.name, studies.retention_days.is_not(None)
        )
        with self._database.writing() as connection:
            found = connection.execute(query).all()
            ids = [row.id for row in found if row.started_at + timedelta(days=row.retention_days) < now]
            erase_sessions(connection, ids)
        if ids:
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
