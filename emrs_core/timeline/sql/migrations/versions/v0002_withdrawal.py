"""Consents may be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("emrs_consents", sa.Column("withdrawn_at", sa.BigInteger))
