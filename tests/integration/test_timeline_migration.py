"""Databases of other versions: a newer one is refused, an older one brought up to date or left as it was."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command, op
from alembic.config import Config
from sqlalchemy import text

from emrs_core.errors import EmrsError
from emrs_core.testing.timeline import NOON
from emrs_core.timeline.sql.database import Database
from emrs_core.timeline.sql.opening import StoreOpener
from emrs_core.timeline.sql.schema import VERSION_TABLE, metadata
from emrs_core.timeline.sql.store import SqlTimelineStore
from emrs_core.timeline.sql.upgrade import MIGRATIONS
from emrs_core.timeline.store import Consent
from tests.conftest import skip_or_fail

POSTGRES = "EMRS_TESTS_DATABASE_URL"
OLD_TABLES = "0001"
CONSENT = Consent("P1", "v1", NOON)

OPEN_AND_STALL = """
import sys, time
from alembic import op
from emrs_core.timeline.sql.store import SqlTimelineStore

change = op.add_column

def stall(*arguments):
    change(*arguments)
    print("stalled", flush=True)
    time.sleep(600)

op.add_column = stall
SqlTimelineStore.open(sys.argv[1])
"""


@pytest.fixture(params=["sqlite", "postgres"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with the first tables, and one consent in it."""
    url = f"sqlite:///{tmp_path}/sessions.db"
    if request.param == "postgres":
        url = os.environ.get(POSTGRES) or skip_or_fail(f"needs an empty PostgreSQL database, named in {POSTGRES}")
    with closing(Database(url)) as database:
        with database.writing() as connection:
            metadata.drop_all(connection)
            connection.execute(text(f"DROP TABLE {VERSION_TABLE}"))
        with database.writing() as connection:
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            command.upgrade(config, OLD_TABLES)
            moment = (NOON.timestamp()) * 1_000_000
            values = {"participant": CONSENT.participant, "version": CONSENT.version, "at": int(moment)}
            connection.execute(text("INSERT INTO emrs_consents VALUES (:participant, :version, :at)"), values)
    return url


def version(url: str) -> str:
    """What the database itself says, asked without this program's own opening."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            return str(connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()[0])
    import psycopg

    with psycopg.connect(url) as server:
        row = server.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()
    return str(row[0]) if row else ""


def test_an_older_database_is_brought_up_to_date_with_all_that_is_in_it(old: str) -> None:
    assert version(old) == OLD_TABLES
    with closing(StoreOpener(old)()) as store:
        assert store.consents("P1") == (CONSENT,)
        store.withdraw_consent("P1", NOON)
        assert store.consents("P1")[0].withdrawn_at == NOON
    assert version(old) != OLD_TABLES


def test_a_change_of_tables_that_fails_leaves_the_old_ones(old: str, monkeypatch: pytest.MonkeyPatch) -> None:
    change = op.add_column

    def fail(*arguments: Any) -> None:
        change(*arguments)
        op.execute("INSERT INTO emrs_consents VALUES ('one value too few')")

    with monkeypatch.context() as broken:
        broken.setattr(op, "add_column", fail)
        with pytest.raises(EmrsError, match="database"):
            SqlTimelineStore.open(old)
    assert version(old) == OLD_TABLES
    with closing(SqlTimelineStore.open(old)) as store:
        assert store.consents("P1") == (CONSENT,)


def test_a_program_killed_while_it_changes_the_tables_leaves_the_old_ones(old: str, repository: Path) -> None:
    line = [sys.executable, "-c", OPEN_AND_STALL, old]
    with subprocess.Popen(line, cwd=repository, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "stalled\n"
        os.kill(program.pid, signal.SIGKILL)
    assert version(old) == OLD_TABLES
    with closing(SqlTimelineStore.open(old)) as store:
        assert store.consents("P1") == (CONSENT,)


@pytest.mark.parametrize("words", [["sessions", "list"], ["participants", "list"], ["studies", "list"], ["demo-data"]])
def test_commands_refuse_a_newer_database_with_the_reason(words: list[str], repository: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/sessions.db"
    SqlTimelineStore.open(url).close()
    with closing(sqlite3.connect(tmp_path / "sessions.db")) as connection, connection:
        connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    before = (tmp_path / "sessions.db").read_bytes()
    line = [sys.executable, "-m", "emrs_core", *words]
    environment = {**os.environ, "EMRS_DATABASE_URL": url}
    done = subprocess.run(line, cwd=repository, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 1
    assert "a newer version of EMRS made it" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert (tmp_path / "sessions.db").read_bytes() == before
