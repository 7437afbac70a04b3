"""Opens the database when it is first needed, once, and again if that failed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

    from emrs_core.timeline.sql.store import SqlTimelineStore


class StoreOpener:
    """Call it for the open store. Any thread. What studies keep no longer is erased when it opens.

    The libraries behind it are loaded then too: a dashboard that keeps nothing yet stays small.
    """

    def __init__(
        self, address: str | Callable[[], URL], now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._address = address
        self._now = now
        self._lock = threading.Lock()
        self._store: SqlTimelineStore | None = None

    def __call__(self) -> SqlTimelineStore:
        """Raises SettingsError, StoreUnavailable, StoreTooNew or TimelineError; the next call tries again."""
        with self._lock:
            if self._store is None:
                from emrs_core.timeline.sql.store import SqlTimelineStore

                address = self._address if isinstance(self._address, str) else self._address()
                store = SqlTimelineStore.open(address, self._now)
                store.retire(self._now())
                self._store = store
            return self._store
