"""Where a profile's events are kept: the seam, and a guest's memory."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Protocol

from emrs_core.music.taste.events import TasteEvent


@dataclass(frozen=True, slots=True)
class StoreState:
    """Equal exactly when nothing was added or removed in between."""

    count: int
    newest: int
    erased: int = 0


class ProfileStore(Protocol):
    """One person's events. MUST be safe from any thread; every call is done when it returns, or raises StorageError.

    Several visits of the same person, in one process or several, MAY use one store at once: none loses anything.
    """

    def state(self) -> StoreState:
        """Cheap; tells whether ``read`` would say anything new."""
        ...

    def read(self) -> tuple[StoreState, tuple[TasteEvent, ...]]:
        """All events in the order they were added, and the state they belong to."""
        ...

    def add(self, event: TasteEvent) -> bool:
        """Keep the event for good; False when one with its id is there already."""
        ...

    def remove(self, ids: tuple[str, ...]) -> int:
        """Forget those events for good; returns how many of them there were."""
        ...

    def erase(self) -> None:
        """Forget everything, even what cannot be read."""
        ...


class MemoryProfileStore:
    """For a guest: gone with the visit."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: dict[str, TasteEvent] = {}
        self._added = self._erased = 0

    def state(self) -> StoreState:
        with self._lock:
            return self._state()

    def read(self) -> tuple[StoreState, tuple[TasteEvent, ...]]:
        with self._lock:
            return self._state(), tuple(self._events.values())

    def add(self, event: TasteEvent) -> bool:
        with self._lock:
            if event.id in self._events:
                return False
            self._events[event.id] = event
            self._added += 1
            return True

    def remove(self, ids: tuple[str, ...]) -> int:
        with self._lock:
            return sum(self._events.pop(event_id, None) is not None for event_id in ids)

    def erase(self) -> None:
        with self._lock:
            self._events.clear()
            self._erased += 1

    def _state(self) -> StoreState:
        return StoreState(len(self._events), self._added, self._erased)
