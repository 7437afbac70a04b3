"""Sessions, and the people in them, in SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.engine import URL

from emrs_core.errors import ConsentWithdrawn, TimelineNotFound
from emrs_core.timeline.events import Event, Sample
from emrs_core.timeline.samples import Samples
from emrs_core.timeline.sessions import SessionFacts, SessionInfo, SessionState, SessionSummary, Timeline
from emrs_core.timeline.sql import chunks, rows, schema
from emrs_core.timeline.sql.database import Database
from emrs_core.timeline.sql.erasing import ID_BATCH, erase_sessions
from emrs_core.timeline.sql.people import SqlPeople, consents_of
from emrs_core.timeline.store import SessionQuery, is_withdrawn
from emrs_core.timeline.tally import as_columns, check_events

ROW_BY_ROW = {"stream_results": True, "max_row_buffer": 10}
"""A long session's samples never wait in the driver's memory as a whole (PostgreSQL's would)."""


def utc_now() -> datetime:
    return datetime.now(UTC)


class SqlTimelineStore(SqlPeople):
    """``TimelineStore`` and ``PeopleStore`` over one database. Any thread."""

    def __init__(self, database: Database, now: Callable[[], datetime] = utc_now) -> None:
        super().__init__(database)
        self._now = now

    @classmethod
    def open(cls, url: str | URL, now: Callable[[], datetime] = utc_now) -> SqlTimelineStore:
        """The database at ``sqlite:///...`` or ``postgresql://...``, made or brought up to date.

        Raises SettingsError for another address, StoreUnavailable, StoreTooNew, or TimelineError for a file that is
        no database.
        """
        return cls(Database(url), now)

    def close(self) -> None:
        """Let go of all connections. A later call connects again."""
        self._database.close()

    def begin(self, info: SessionInfo) -> None:
        with self._database.writing() as connection:
            if _row(connection, info.id) is None:
                connection.execute(insert(schema.sessions).values(rows.info_row(info, self._now())))

    def append(self, session_id: str, samples: Sequence[Sample] | Samples, events: Sequence[Event] = ()) -> None:
        columns, checked = as_columns(samples), check_events(events)
        with self._database.writing() as connection:
            row = _required(connection, session_id)
            self._check_consent(connection, row, len(columns))
            columns = _unknown_samples(connection, row, columns)
            checked = _unknown_events(connection, session_id, checked)
            parts = [{"session_id": session_id, **piece} for piece in chunks.pieces(columns)]
            if parts:
                connection.execute(insert(schema.samples), parts)
            if checked:
                connection.execute(insert(schema.events), rows.event_rows(session_id, checked, row.events))
            values: dict[str, Any] = {"events": row.events + len(checked)}
            if row.state == SessionState.RUNNING:
                values["seen_at"] = self._now()
            if parts or checked:
                values |= rows.tally_row(rows.tally_of(row).plus(columns, checked))
            _update(connection, session_id, values)

    def end(self, session_id: str, ended_at: datetime) -> None:
        with self._database.writing() as connection:
            if _required(connection, session_id).state != SessionState.RUNNING:
                return
            samples = _samples(connection, session_id)
            connection.execute(delete(schema.samples).where(schema.samples.c.session_id == session_id))
            parts = [{"session_id": session_id, **piece} for piece in chunks.pieces(samples)]
            if parts:
                connection.execute(insert(schema.samples), parts)
            _update(connection, session_id, {"state": str(SessionState.ENDED), "ended_at": ended_at})

    def describe(self, session_id: str, facts: SessionFacts) -> None:
        with self._database.writing() as connection:
            _required(connection, session_id)
            _update(connection, session_id, rows.facts_row(facts))

    def read(self, session_id: str) -> Timeline:
        with self._database.reading() as connection:
            row = _required(connection, session_id, lock=False)
            samples, events = _samples(connection, session_id), _events(connection, session_id)
        return Timeline(rows.info_of(row, self._now()), samples, events)

    def reread(self, before: Timeline) -> Timeline:
        with self._database.reading() as connection:
            row = _required(connection, before.info.id, lock=False)
            info = rows.info_of(row, self._now())
            if _grew_from(row, before):
                samples = _grown_samples(connection, row, before.samples)
                events = _grown_events(connection, row, before.events)
                same = info == before.info and samples is before.samples and events is before.events
                return before if same else Timeline(info, samples, events)
        return self.read(info.id)

    def info(self, session_id: str) -> SessionInfo:
        with self._database.reading() as connection:
            row = _required(connection, session_id, lock=False)
        return rows.info_of(row, self._now())

    def list(self, query: SessionQuery = SessionQuery()) -> tuple[SessionSummary, ...]:  # noqa: B008 - frozen
        table = schema.sessions.c
        wanted = select(schema.sessions).order_by(table.started_at.desc(), table.id)
        for column, value in (
            (table.owner, query.owner),
            (table.study, query.study),
            (table.participant, query.participant),
            (table.condition, query.condition),
            (table.synthetic, query.synthetic),
        ):
            wanted = wanted if value is None else wanted.where(column == value)
        with self._database.reading() as connection:
            found = connection.execute(wanted).all()
        now = self._now()
        kept = [(row, info) for row, info in ((row, rows.info_of(row, now)) for row in found) if query.admits(info)]
        page = kept[query.offset : None if query.limit is None else query.offset + query.limit]
        return tuple(rows.tally_of(row).summary(info) for row, info in page)

    def delete(self, session_id: str) -> None:
        with self._database.writing() as connection:
            found = _row(connection, session_id)
            if found is not None:
                erase_sessions(connection, [session_id])
                self._database.mark_traces(connection)
        self._database.scrub(rebuild=False)  # for one that is gone already too: the log may have been in use before
        if found is None:
            raise TimelineNotFound(f"No session with the id {session_id!r} is kept here.")

    def _check_consent(self, connection: Connection, row: Row[Any], samples: int) -> None:
        """Whether more of that session may be kept; a session that was cut off may still be reviewed."""
        if not row.participant or row.state != SessionState.RUNNING:
            return
        runs = rows.info_of(row, self._now()).state is SessionState.RUNNING
        if (samples or runs) and is_withdrawn(consents_of(connection, row.participant)):
            raise ConsentWithdrawn(f"The participant {row.participant} took the agreement back; recording has ended.")


def _row(connection: Connection, session_id: str, lock: bool = True) -> Row[Any] | None:
    query = select(schema.sessions).where(schema.sessions.c.id == session_id)
    return connection.execute(query.with_for_update() if lock else query).one_or_none()


def _required(connection: Connection, session_id: str, lock: bool = True) -> Row[Any]:
    row = _row(connection, session_id, lock)
    if row is None:
        raise TimelineNotFound(f"No session with the id {session_id!r} is kept here.")
    return row


def _update(connection: Connection, session_id: str, values: dict[str, Any]) -> None:
    connection.execute(update(schema.sessions).where(schema.sessions.c.id == session_id).values(values))


def _samples(connection: Connection, session_id: str, *conditions: Any) -> Samples:
    table = schema.samples.c
    query = select(table.format, table.data).where(table.session_id == session_id, *conditions).order_by(table.first_s)
    found = connection.execute(query, execution_options=ROW_BY_ROW)
    return chunks.decode((number, bytes(data)) for number, data in found)


def _events(connection: Connection, session_id: str, first_number: int = 0) -> tuple[Event, ...]:
    table = schema.events.c
    wanted = (table.session_id == session_id) & (table.number >= first_number)
    found = connection.execute(select(schema.events).where(wanted).order_by(table.t_s, table.number))
    return tuple(rows.event_of(row) for row in found)


def _grew_from(row: Row[Any], before: Timeline) -> bool:
    """Whether that is the session of ``before``, and not another one that was imported under its id since."""
    same = (row.owner, row.started_at) == (before.info.owner, before.info.started_at)
    return same and bool(row.samples >= len(before.samples) and row.events >= len(before.events))


def _grown_samples(connection: Connection, row: Row[Any], known: Samples) -> Samples:
    """All samples; ``known`` itself where there are no others. Late ones, from before its end, mean reading all."""
    if row.samples == len(known):
        return known
    if len(known):
        last_s = float(known.t_s[-1])
        later = _samples(connection, row.id, schema.samples.c.last_s > last_s)
        grown = Samples.joined([known, later.take(later.t_s > last_s)])
        if len(grown) >= row.samples:
            return grown
    return _samples(connection, row.id)


def _grown_events(connection: Connection, row: Row[Any], known: tuple[Event, ...]) -> tuple[Event, ...]:
    """All events in order of time; ``known`` itself where there are no others."""
    if row.events == len(known):
        return known
    more = _events(connection, row.id, len(known))
    return tuple(sorted((*known, *more), key=lambda event: event.t_s))


def _unknown_samples(connection: Connection, row: Row[Any], samples: Samples) -> Samples:
    """Those whose time has no sample yet. While time only goes forward, nothing needs to be read for that."""
    if not len(samples) or row.last_sample_s is None or samples.t_s[0] > row.last_sample_s:
        return samples
    table = schema.samples.c
    first_s, last_s = float(samples.t_s[0]), float(samples.t_s[-1])
    there = _samples(connection, row.id, table.last_s >= first_s, table.first_s <= last_s)
    return samples.take(~np.isin(samples.t_s, there.t_s))


def _unknown_events(connection: Connection, session_id: str, events: tuple[Event, ...]) -> tuple[Event, ...]:
    there: set[str] = set()
    table = schema.events.c
    for start in range(0, len(events), ID_BATCH):
        some = [event.id for event in events[start : start + ID_BATCH]]
        there.update(connection.scalars(select(table.id).where(table.session_id == session_id, table.id.in_(some))))
    return tuple(event for event in events if event.id not in there)
