"""The owner of the machine meets a store without any limit; others keep the same promises for what is theirs."""

from __future__ import annotations

import pytest

from emrs_core.testing.people import PeopleStoreContract
from emrs_core.testing.timeline import TimelineStoreContract
from emrs_core.timeline.access import AccessibleSessions, Viewer
from emrs_core.timeline.memory_store import MemoryTimelineStore


class TestOwnersTimelines(TimelineStoreContract):
    @pytest.fixture
    def store(self) -> AccessibleSessions:
        return AccessibleSessions(MemoryTimelineStore(), Viewer.owner())


class TestOwnersPeople(PeopleStoreContract):
    @pytest.fixture
    def store(self) -> AccessibleSessions:
        return AccessibleSessions(MemoryTimelineStore(), Viewer.owner())
