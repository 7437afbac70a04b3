"""A profile's events in memory, in step with the store that keeps them."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from emrs_core.music.taste.events import TasteEvent, kind_of
from emrs_core.music.taste.store import ProfileStore, StoreState


class EventLog:
    """What the store held at the last look. Every method may be called from any thread.

    Reading never touches the store; ``refresh`` does, and so does every change. Raises StorageError likewise.
    """

    def __init__(self, store: ProfileStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._state: StoreState | None = None
        self._by_kind: dict[str, tuple[TasteEvent, ...]] = {}

    def of(self, kind: str) -> tuple[TasteEvent, ...]:
        """The events of that kind, oldest first, as of the last look (the first call looks)."""
        if self._state is None:
            self.refresh()
        with self._lock:
            return self._by_kind.get(kind, ())

    def refresh(self) -> None:
        """Look whether another visit of the same person changed the store."""
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

    def add(self, event: TasteEvent) -> None:
        """Keep the event; one with an id that is there already changes nothing."""
        self._store.add(event)
        self.refresh()

    def remove(self, ids: Iterable[str]) -> int:
        """Forget those events; returns how many there were."""
        removed = self._store.remove(tuple(ids))
        self.refresh()
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
            self._state = None
            self._by_kind = {}
