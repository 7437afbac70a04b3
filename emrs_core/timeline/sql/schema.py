"""The tables. A change here needs a migration in ``migrations/versions``; a test compares the two."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
)

VERSION_TABLE = "emrs_schema"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class UtcTime(TypeDecorator[datetime]):
    """An aware moment as whole microseconds since 1970: exact, ordered and alike on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + value * MICROSECOND


metadata = MetaData()

sessions = Table(
    "emrs_sessions",
    metadata,
    Column("id", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("state", String, nullable=False),
    Column("ended_at", UtcTime),
    Column("seen_at", UtcTime, nullable=False),  # when somebody last wrote into it
    Column("study", String, nullable=False),
    Column("participant", String, nullable=False),
    Column("condition", String, nullable=False),
    Column("tags", Text, nullable=False),  # JSON
    Column("title", Text, nullable=False),
    Column("synthetic", Boolean, nullable=False),
    Column("length_s", Double, nullable=False),
    Column("samples", Integer, nullable=False),
    Column("valid", Integer, nullable=False),
    Column("songs", Integer, nullable=False),
    Column("last_sample_s", Double),
    Column("sparkline", Text, nullable=False),  # JSON
    Column("events", Integer, nullable=False),
    Index("emrs_sessions_started_at", "started_at"),
    Index("emrs_sessions_participant", "participant"),
)

samples = Table(
    "emrs_samples",
    metadata,
    Column("session_id", String, ForeignKey("emrs_sessions.id", ondelete="CASCADE"), nullable=False),
    Column("first_s", Double, nullable=False),  # the smallest time in it
    Column("last_s", Double, nullable=False),
    Column("format", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    PrimaryKeyConstraint("session_id", "first_s"),
)

events = Table(
    "emrs_events",
    metadata,
    Column("session_id", String, ForeignKey("emrs_sessions.id", ondelete="CASCADE"), nullable=False),
    Column("id", String, nullable=False),
    Column("number", Integer, nullable=False),  # in order of arrival
    Column("t_s", Double, nullable=False),
    Column("kind", String, nullable=False),
    Column("fields", Text, nullable=False),  # JSON
    PrimaryKeyConstraint("session_id", "id"),
)

studies = Table(
    "emrs_studies",
    metadata,
    Column("name", String, primary_key=True),
    Column("retention_days", Integer),
    Column("phq2", Boolean, nullable=False),
)

participants = Table(
    "emrs_participants",
    metadata,
    Column("code", String, primary_key=True),
    Column("conditions", Text, nullable=False),  # JSON
    Column("tags", Text, nullable=False),  # JSON
)

consents = Table(
    "emrs_consents",
    metadata,
    Column("participant", String, nullable=False),
    Column("version", String, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("withdrawn_at", UtcTime),
    PrimaryKeyConstraint("participant", "version", "at"),
)
