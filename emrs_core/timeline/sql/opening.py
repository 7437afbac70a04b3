"""Opens the database when it is first needed, once, and again if that failed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.engine import URL

from emrs_core.timeline.sql.store import SqlTimelineStore, utc_now


class StoreOpener:
    """Call it for the open store. Any thread. What studies keep no longer is erased when it opens."""

    def __init__(self, url: str | URL, now: Callable[[], datetime] = utc_now) -> None:
        self._url = url
        self._now = now
        self._lock = threading.Lock()
        self._store: SqlTimelineStore | None = None

    def __call__(self) -> SqlTimelineStore:
        """Raises SettingsError, StoreUnavailable, StoreTooNew or TimelineError; the next call tries again."""
        with self._lock:
            if self._store is None:
                store = SqlTimelineStore.open(self._url, self._now)
                store.retire(self._now())
                self._store = store
            return self._store
