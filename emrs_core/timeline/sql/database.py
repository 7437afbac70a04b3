"""The connection to SQLite or PostgreSQL: transactions, and its errors in this project's words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, ProgrammingError, SQLAlchemyError

from emrs_core.errors import SettingsError, StoreUnavailable, TimelineError
from emrs_core.timeline.sql.upgrade import upgrade

BUSY_S = 2.0
"""How long a writer waits for another one. A write takes milliseconds; longer means that something holds the file."""
READ = {"emrs_read": True}
TRACES = 1
"""SQLite's ``user_version`` from an erasure on until the file was rebuilt: a program that is killed between the two
leaves the work for the next opening. The pages that SQLite overwrites are not all: cells it moved leave copies."""
REBUILT_IN_MEMORY_BYTES = 64_000_000
"""A larger file is rebuilt through a temporary one, which holds nothing that was erased."""
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",  # readers and the writer do not wait for each other
    "PRAGMA synchronous=FULL",  # a lost machine loses no more than a killed process; cheap at two commits a second
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",  # what is erased is overwritten
    "PRAGMA temp_store=MEMORY",  # no copy of rows in a temporary file
)


class Database:
    """An open database. Any thread. Raises SettingsError, StoreUnavailable, StoreTooNew or TimelineError on opening."""

    def __init__(self, url: str | URL) -> None:
        self._url = _parsed(url)
        self._closed = False
        self.is_sqlite = self._url.get_backend_name() == "sqlite"
        with self._translated():
            self.engine = self._connect()
            try:
                with self.engine.begin() as connection:
                    upgrade(connection)
            except BaseException:
                self.engine.dispose()
                raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view, which no writer waits for."""
        connected = self.engine.connect
        with self._translated(), self._lent(), connected().execution_options(**READ) as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction: all of it or nothing."""
        with self._translated(), self._lent(), self.engine.begin() as connection:
            yield connection

    def scrub(self, rebuild: bool) -> None:
        """Take erased rows out of SQLite's log; with ``rebuild`` write the file anew, so that no page has a trace left.

        Raises StoreUnavailable when a reader or writer is in the way. On PostgreSQL the rows are gone for every query;
        its own VACUUM reuses their place.
        """
        if not self.is_sqlite:
            return
        try:
            with self._translated(), self._lent():
                done = self._scrub(rebuild)
        except StoreUnavailable as exc:
            raise StoreUnavailable(f"{self._remains()} ({exc})") from exc
        if not done:
            raise StoreUnavailable(self._remains())

    def mark_traces(self, connection: Connection) -> None:
        """In the transaction that erases: the file holds traces until ``scrub(rebuild=True)`` was through."""
        if self.is_sqlite:
            connection.exec_driver_sql(f"PRAGMA user_version={TRACES}")

    def has_traces(self) -> bool:
        """Whether something was erased and the file has not been rebuilt since."""
        if not self.is_sqlite:
            return False
        with self.reading() as connection:
            return connection.exec_driver_sql("PRAGMA user_version").scalar() == TRACES

    def _scrub(self, rebuild: bool) -> bool:
        """Whether the log could be emptied."""
        connection = self.engine.raw_connection()
        try:
            cursor = connection.cursor()
            if rebuild:
                pages, size = (cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
                if pages * size > REBUILT_IN_MEMORY_BYTES:
                    cursor.execute("PRAGMA temp_store=FILE")
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA temp_store=MEMORY")
            done = not cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if done and rebuild:
                cursor.execute("PRAGMA user_version=0")
            return done
        finally:
            connection.close()

    def _remains(self) -> str:
        return (
            f"Erased, but traces may remain in {self._url.database} and its log while another program uses them. Close "
            "other programs that use the database and erase again, or start this one anew: it then finishes by itself."
        )

    def close(self) -> None:
        """Let go of all connections, of those that other threads are using as soon as they are done. Any thread."""
        self._closed = True  # before the pool is emptied: whoever comes back to it from now on empties it again
        self.engine.dispose()

    @contextmanager
    def _lent(self) -> Iterator[None]:
        """Around the use of a connection. Once the database is closed, nothing else would close what comes back."""
        pool = self.engine.pool
        try:
            yield
        finally:
            if self._closed:
                pool.dispose()

    def _connect(self) -> Engine:
        if not self.is_sqlite:
            return create_engine(self._url, pool_pre_ping=True, connect_args={"connect_timeout": 5})
        if self._url.database and self._url.database != ":memory:":
            _make_private(Path(self._url.database))
        engine = create_engine(self._url, connect_args={"timeout": BUSY_S})
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
        return engine

    @contextmanager
    def _translated(self) -> Iterator[None]:
        where = self._url.render_as_string(hide_password=True)
        try:
            yield
        except DBAPIError as exc:
            reason = str(exc.orig).strip().partition("\n")[0]
            lasting = isinstance(exc, DataError | IntegrityError | ProgrammingError) or "not a database" in reason
            if lasting:
                raise TimelineError(f"The database {where} does not take this: {reason}.") from exc
            advice = "Check that it can be reached and written, and has space."
            raise StoreUnavailable(f"The database {where} cannot be used now: {reason}. {advice}") from exc
        except OSError as exc:
            raise StoreUnavailable(f"The database {where} cannot be opened: {exc.strerror or exc}.") from exc
        except UnicodeEncodeError as exc:
            raise TimelineError(f"The database {where} does not take this text: {exc.reason}.") from exc
        except SQLAlchemyError as exc:
            raise StoreUnavailable(f"The database {where} cannot be used now: {exc}.") from exc


def _parsed(url: str | URL) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as exc:
        raise SettingsError(
            "EMRS_DATABASE_URL must be like postgresql://user:password@host/name or sqlite:////folder/sessions.db."
        ) from exc
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("postgresql+psycopg", "sqlite"):
        raise SettingsError(
            f"EMRS_DATABASE_URL must begin with postgresql:// or sqlite:///, got {parsed.drivername}://."
        )
    return parsed


def _make_private(path: Path) -> None:
    """Folder and file for the owner's eyes alone; SQLite gives its log the file's own rights."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # Python's driver would else begin transactions by its own rules
    for pragma in SQLITE_PRAGMAS:
        connection.execute(pragma)


def _on_begin(connection: Connection) -> None:
    """A writer asks for its lock at once: taken later, over a view that went stale, it would fail without waiting."""
    reading = connection.get_execution_options().get("emrs_read", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
