"""Both profile stores keep the promises of ``ProfileStore``."""

from __future__ import annotations

from pathlib import Path

import pytest

from emrs_core.music.taste.sqlite_store import FileProfileStore
from emrs_core.music.taste.store import MemoryProfileStore, ProfileStore
from emrs_core.testing.profiles import ProfileStoreContract


class TestMemoryProfileStore(ProfileStoreContract):
    @pytest.fixture
    def store(self) -> ProfileStore:
        return MemoryProfileStore()


class TestFileProfileStore(ProfileStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> ProfileStore:
        return FileProfileStore(tmp_path / "data" / "taste.sqlite3")
