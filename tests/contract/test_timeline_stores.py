"""Every store of sessions keeps the promises of ``timeline.store``, in memory, in SQLite and in PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from emrs_core.testing.people import PeopleStoreContract
from emrs_core.testing.timeline import NOON, AnyStore, TimelineStoreContract
from emrs_core.timeline.memory_store import MemoryTimelineStore
from emrs_core.timeline.sql.database import Database
from emrs_core.timeline.sql.schema import VERSION_TABLE, metadata
from emrs_core.timeline.sql.store import SqlTimelineStore
from tests.conftest import skip_or_fail

POSTGRES = "EMRS_TESTS_DATABASE_URL"


def empty_postgres() -> SqlTimelineStore:
    """The PostgreSQL database that the environment names, with none of our tables left from before."""
    url = os.environ.get(POSTGRES)
    if not url:
        skip_or_fail(f"needs an empty PostgreSQL database, named in {POSTGRES}")
    database = Database(url or "")
    with database.writing() as connection:
        metadata.drop_all(connection)
        connection.execute(text(f"DROP TABLE {VERSION_TABLE}"))
    database.close()
    return SqlTimelineStore.open(url or "", now=lambda: NOON)


def opened(kind: str, folder: Path) -> AnyStore:
    now: Callable[[], datetime] = lambda: NOON  # noqa: E731
    if kind == "memory":
        return MemoryTimelineStore()
    return empty_postgres() if kind == "postgres" else SqlTimelineStore.open(f"sqlite:///{folder}/sessions.db", now)


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AnyStore]:
    store = opened(request.param, tmp_path)
    yield store
    if isinstance(store, SqlTimelineStore):
        store.close()


class TestTimelines(TimelineStoreContract):
    @pytest.fixture
    def store(self, any_store: AnyStore) -> AnyStore:
        return any_store


class TestPeople(PeopleStoreContract):
    @pytest.fixture
    def store(self, any_store: AnyStore) -> AnyStore:
        return any_store


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_no_row_of_an_erased_participant_is_left(kind: str, tmp_path: Path) -> None:
    store = opened(kind, tmp_path)
    assert isinstance(store, SqlTimelineStore)
    TestPeople()._fill(store)
    store.erase_all("P1")
    with store._database.reading() as connection:
        left = [str(row) for table in metadata.tables.values() for row in connection.execute(select(table))]
    assert left
    assert [row for row in left if "P1" in row] == []
    store.erase_all("P2")
    with closing(store), store._database.reading() as connection:
        counts = {
            table.name: connection.scalar(select(func.count()).select_from(table)) for table in metadata.tables.values()
        }
    assert set(counts.values()) == {0}, counts
