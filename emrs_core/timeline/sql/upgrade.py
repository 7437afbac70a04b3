"""Brings a database up to this version's tables, or refuses it."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from emrs_core.errors import StoreTooNew
from emrs_core.timeline.sql.schema import VERSION_TABLE

MIGRATIONS = Path(__file__).parent / "migrations"
UPGRADE_LOCK = 0x454D5253
"""PostgreSQL's advisory lock while tables are made, so that two servers that start together do not both make them."""


def upgrade(connection: Connection) -> None:
    """Make or change the tables, in the transaction of that connection.

    Raises StoreTooNew for a database that a newer version of this program has changed.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()
    if current == script.get_current_head():
        return
    known = {revision.revision for revision in script.walk_revisions()}
    if current is not None and current not in known:
        raise StoreTooNew(
            f"The database of kept sessions has the schema {current}, this version knows up to "
            f"{script.get_current_head()}: a newer version of EMRS made it. Update EMRS, or name another database in "
            "EMRS_DATABASE_URL. Nothing was changed."
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
