"""Taking sessions away with all that is in them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete

from emrs_core.timeline.sql import schema

ID_BATCH = 500
"""Ids in one question: old builds of SQLite take 999 parameters."""


def erase_sessions(connection: Connection, ids: Sequence[str]) -> None:
    """Those sessions, their samples and events."""
    for start in range(0, len(ids), ID_BATCH):
        some = ids[start : start + ID_BATCH]
        for column in (schema.samples.c.session_id, schema.events.c.session_id, schema.sessions.c.id):
            connection.execute(delete(column.table).where(column.in_(some)))
