"""The owner's profile: one SQLite file in the data folder."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from emrs_core.errors import StorageError
from emrs_core.music.taste import schema
from emrs_core.music.taste.events import TasteEvent, body_of, event_from, kind_of
from emrs_core.music.taste.store import StoreState

PATIENCE_S = 10.0
"""How long a visit waits for another that is writing; a write takes milliseconds."""


class FileProfileStore:
    """Events in an SQLite file, made at the first write. Safe from any thread and from several processes at once.

    Every change is one transaction that is on the disk when the call returns, so a crash leaves it whole or undone. A
    connection lives for one call. An older file is migrated, a newer or damaged one is refused and left as it is.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._checked = False

    def state(self) -> StoreState:
        if not self._path.exists():
            return StoreState(0, 0)
        with self._connection() as connection:
            return _state(connection)

    def read(self) -> tuple[StoreState, tuple[TasteEvent, ...]]:
        if not self._path.exists():
            return StoreState(0, 0), ()
        with self._connection() as connection, _transaction(connection, "BEGIN"):
            rows = connection.execute("SELECT id, kind, at, body FROM events ORDER BY seq").fetchall()
            return _state(connection), tuple(event_from(*row) for row in rows)

    def add(self, event: TasteEvent) -> bool:
        row = (event.id, kind_of(event), event.at.isoformat(), json.dumps(body_of(event)))
        with self._connection() as connection, _transaction(connection):
            if connection.execute("SELECT 1 FROM events WHERE id = ?", row[:1]).fetchone():
                return False
            connection.execute("INSERT INTO events (id, kind, at, body) VALUES (?, ?, ?, ?)", row)
            return True

    def remove(self, ids: tuple[str, ...]) -> int:
        if not self._path.exists():
            return 0
        with self._connection() as connection, _transaction(connection):
            return sum(connection.execute("DELETE FROM events WHERE id = ?", (i,)).rowcount for i in ids)

    def erase(self) -> None:
        if not self._path.exists():
            return
        try:
            with self._connection() as connection:
                with _transaction(connection):
                    connection.execute("DELETE FROM events")
                connection.execute("VACUUM")  # the pages that held them leave the disk too
        except StorageError:
            self._unlink()  # nobody can read it, but the person wants it gone

    def _unlink(self) -> None:
        try:
            for name in (self._path, self._path.with_name(f"{self._path.name}-journal")):
                name.unlink(missing_ok=True)
        except OSError as exc:
            raise StorageError(f"Could not delete {self._path}: {exc.strerror or exc}.") from exc

    @contextlib.contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """An open file of today's form. Raises StorageError, from whatever goes wrong inside as well."""
        try:
            if not self._path.exists():
                _create(self._path)
            if self._path.stat().st_size == 0:  # SQLite would take it for an empty table
                raise StorageError("the file is empty: it was cut off")
            with contextlib.closing(_open(self._path)) as connection:
                with self._lock:
                    schema.check(connection, thoroughly=not self._checked)
                    self._checked = True
                yield connection
        except (sqlite3.Error, OSError, StorageError) as exc:
            raise StorageError(
                f"What EMRS learned of you, kept in {self._path}, cannot be used: {exc}. It was left as it is; nothing "
                "new is learned until it can be read again. Put a good copy back, or erase what was learned."
            ) from exc


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten
    except BaseException:
        connection.close()  # a damaged file is met here, and nobody else knows of the connection
        raise
    return connection


def _create(path: Path) -> None:
    """Make the file whole under another name first: nobody ever meets it half made."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(descriptor)
    temporary = Path(name)
    try:
        with contextlib.closing(_open(temporary)) as connection:
            schema.make(connection)
        with contextlib.suppress(FileExistsError):  # another visit was faster; its file stays
            _publish(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _publish(temporary: Path, path: Path) -> None:
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if not path.exists():
            temporary.replace(path)


def _state(connection: sqlite3.Connection) -> StoreState:
    # The sequence never goes back, so that adding after removing is seen too.
    count, newest = connection.execute(
        "SELECT count(*), (SELECT seq FROM sqlite_sequence WHERE name = 'events') FROM events"
    ).fetchone()
    return StoreState(count, newest or 0)


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
    """All or nothing; IMMEDIATE takes the right to write at once, so that two visits never wait for each other."""
    connection.execute(begin)
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
