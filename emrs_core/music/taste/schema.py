"""The form of the owner's profile file, and how an older one becomes today's."""

from __future__ import annotations

import sqlite3

from emrs_core.errors import StorageError

APPLICATION_ID = 0x454D5253
"""``EMRS`` in ASCII: tells the file from any other SQLite database."""
STEPS: tuple[tuple[str, ...], ...] = (
    (  # 1: opinions of songs only
        "CREATE TABLE feedback (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, "
        "track_id TEXT NOT NULL, at TEXT NOT NULL, valence REAL, arousal REAL)",
    ),
    (  # 2: events of every kind, each with its own facts
        "CREATE TABLE events (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, "
        "at TEXT NOT NULL, body TEXT NOT NULL)",
        "INSERT INTO events (id, kind, at, body) SELECT id, 'feedback', at, json_object('feedback', kind, 'track_id', "
        "track_id, 'mood', CASE WHEN valence IS NULL THEN NULL ELSE json_array(valence, arousal) END) "
        "FROM feedback ORDER BY seq",
        "DROP TABLE feedback",
    ),
)
"""``STEPS[n]`` leads from version n to n + 1; a step is never changed once it was published."""
VERSION = len(STEPS)


def make(connection: sqlite3.Connection, version: int = VERSION) -> None:
    """Give an empty database the form of that version."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    _climb(connection, version)


def check(connection: sqlite3.Connection, thoroughly: bool = True) -> None:
    """Bring a file to today's form. Raises StorageError for a file of something else, a newer or a damaged one.

    ``thoroughly`` reads every page; otherwise damage shows when the page is needed.
    """
    if _pragma(connection, "application_id") != APPLICATION_ID:
        raise StorageError("it is another program's database")
    if (version := _pragma(connection, "user_version")) > VERSION:
        raise StorageError(
            f"a newer EMRS wrote it (form {version}; this one knows up to {VERSION}): update EMRS to go on"
        )
    if thoroughly:
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise StorageError(f"it is damaged ({verdict})")
    if version < VERSION:
        _climb(connection, VERSION)


def _climb(connection: sqlite3.Connection, version: int) -> None:
    """All steps in one transaction: after a crash the file is the old one."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in STEPS[_pragma(connection, "user_version") : version]:  # read inside: another visit may have done it
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {version}")
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)
