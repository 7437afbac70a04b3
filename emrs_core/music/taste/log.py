"""A profile's events in memory, in step with the store that keeps them."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from emrs_core.clock import MonotonicClock
from emrs_core.errors import StorageError
from emrs_core.music.taste.events import TasteEvent, kind_of
from emrs_core.music.taste.store import ProfileStore, StoreState
from emrs_core.protocols import Clock

RETRY_S: Final = 5.0
"""A store that cannot be read is left alone for so long: readings of the face ask for it many times a second."""


class EventLog:
    """What the store held at the last look. Every method may be called from any thread.

    Reading touches the store only until it was read once; ``refresh`` does each time, and so does every change. All
    raise StorageError when the store cannot be used.
    """

    def __init__(self, store: ProfileStore, clock: Clock | None = None) -> None:
        self._store = store
        self._clock = clock or MonotonicClock()
        self._lock = threading.Lock()
        self._state: StoreState | None = None
        self._by_kind: dict[str, tuple[TasteEvent, ...]] = {}
        self._failure: tuple[str, float] | None = None  # what the last look said, and when

    def of(self, kind: str) -> tuple[TasteEvent, ...]:
        """The events of that kind, oldest first, as of the last look that worked.

        The first call looks; while that fails, one call every ``RETRY_S`` does, and the others say the same at once.
        """
        if self._state is None:
            self._first_look()
        with self._lock:
            return self._by_kind.get(kind, ())

    def refresh(self) -> None:
        """Look whether another visit of the same person changed the store."""
        try:
            self._look()
        except StorageError as exc:
            with self._lock:
                self._failure = str(exc), self._clock.now_s()
            raise

    def _catch_up(self) -> None:
        """After a change that is kept. Should the look fail, the change stands all the same: the next look tells."""
        with suppress(StorageError):
            self.refresh()

    def _first_look(self) -> None:
        with self._lock:
            failure = self._failure
        if failure is not None and self._clock.now_s() - failure[1] < RETRY_S:
            raise StorageError(failure[0])
        self.refresh()

    def _look(self) -> None:
        state = self._store.state()
        with self._lock:
            if state == self._state:
                return
        state, events = self._store.read()
        kinds: dict[str, list[TasteEvent]] = {}
        for event in events:
            kinds.setdefault(kind_of(event), []).append(event)
        with self._lock:
            self._state, self._by_kind = state, {kind: tuple(found) for kind, found in kinds.items()}
            self._failure = None

    def add(self, event: TasteEvent) -> None:
        """Keep the event; one with an id that is there already changes nothing."""
        self._store.add(event)
        self._catch_up()

    def remove(self, ids: Iterable[str]) -> int:
        """Forget those events; returns how many there were."""
        removed = self._store.remove(tuple(ids))
        self._catch_up()
        return removed

    def remove_last(self, kind: str) -> TasteEvent | None:
        """Forget the newest event of that kind and return it; None when there is none.

        Two visits that do so at the same moment take two different events.
        """
        while True:
            self.refresh()
            events = self.of(kind)
            if not events:
                return None
            if self.remove((events[-1].id,)):
                return events[-1]

    def erase(self) -> None:
        """Forget everything, in the store too."""
        self._store.erase()
        with self._lock:
            self._state = self._failure = None
            self._by_kind = {}
