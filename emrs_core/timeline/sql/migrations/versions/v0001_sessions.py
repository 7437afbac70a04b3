"""Sessions, their samples and events, studies, participants and consents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "emrs_sessions",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("study", sa.String, nullable=False),
        sa.Column("participant", sa.String, nullable=False),
        sa.Column("condition", sa.String, nullable=False),
        sa.Column("tags", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("synthetic", sa.Boolean, nullable=False),
        sa.Column("length_s", sa.Double, nullable=False),
        sa.Column("samples", sa.Integer, nullable=False),
        sa.Column("valid", sa.Integer, nullable=False),
        sa.Column("songs", sa.Integer, nullable=False),
        sa.Column("last_sample_s", sa.Double),
        sa.Column("sparkline", sa.Text, nullable=False),
        sa.Column("events", sa.Integer, nullable=False),
    )
    op.create_index("emrs_sessions_started_at", "emrs_sessions", ["started_at"])
    op.create_index("emrs_sessions_participant", "emrs_sessions", ["participant"])
    op.create_table(
        "emrs_samples",
        _session_id(),
        sa.Column("first_s", sa.Double, nullable=False),
        sa.Column("last_s", sa.Double, nullable=False),
        sa.Column("format", sa.Integer, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("session_id", "first_s"),
    )
    op.create_table(
        "emrs_events",
        _session_id(),
        sa.Column("id", sa.String, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("t_s", sa.Double, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("session_id", "id"),
    )
    _create_people()


def _session_id() -> sa.Column[str]:
    return sa.Column("session_id", sa.String, sa.ForeignKey("emrs_sessions.id", ondelete="CASCADE"), nullable=False)


def _create_people() -> None:
    op.create_table(
        "emrs_studies",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("retention_days", sa.Integer),
        sa.Column("phq2", sa.Boolean, nullable=False),
    )
    op.create_table(
        "emrs_participants",
        sa.Column("code", sa.String, primary_key=True),
        sa.Column("conditions", sa.Text, nullable=False),
        sa.Column("tags", sa.Text, nullable=False),
    )
    op.create_table(
        "emrs_consents",
        sa.Column("participant", sa.String, nullable=False),
        sa.Column("version", sa.String, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("participant", "version", "at"),
    )
