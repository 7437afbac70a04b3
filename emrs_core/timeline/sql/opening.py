"""Opens the database when it is first needed, once, and again if that failed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from emrs_core.errors import EmrsError

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

    from emrs_core.timeline.sql.store import SqlTimelineStore

logger = logging.getLogger(__name__)

RETIRE_EVERY = timedelta(days=1)
"""Studies keep their sessions for days; a server may run for months."""


class StoreOpener:
    """Call it for the open store. Any thread. What studies keep no longer is erased when it opens, and once a day.

    The libraries behind it are loaded then too: a dashboard that keeps nothing yet stays small.
    """

    def __init__(
        self, address: str | Callable[[], URL], now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._address = address
        self._now = now
        self._lock = threading.Lock()
        self._store: SqlTimelineStore | None = None
        self._retired_at = now()

    def __call__(self) -> SqlTimelineStore:
        """Raises SettingsError, StoreUnavailable, StoreTooNew or TimelineError; the next call tries again."""
        with self._lock:
            if self._store is None:
                from emrs_core.timeline.sql.store import SqlTimelineStore

                address = self._address if isinstance(self._address, str) else self._address()
                store = SqlTimelineStore.open(address, self._now)
                try:
                    store.retire(self._now())
                except BaseException:
                    store.close()  # the next call opens another
                    raise
                self._store, self._retired_at = store, self._now()
            elif self._now() - self._retired_at > RETIRE_EVERY:
                self._retired_at = self._now()
                self._retire(self._store)
            return self._store

    def _retire(self, store: SqlTimelineStore) -> None:
        """Trouble here is no reason not to record."""
        try:
            store.retire(self._now())
        except EmrsError as exc:
            logger.warning("sessions that studies keep no longer could not be erased: %s", exc)
