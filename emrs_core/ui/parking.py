"""A visit kept for a person who leaves the page to log in elsewhere: coming back is a new browser session.

Keeps what memory holds of a visit (agreement, mood, songs) for a few minutes under a ticket that is good once. Whoever
takes it takes it away from the page that was left: no two browsers ever share one.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from emrs_core.protocols import Clock

KEPT_S: Final = 600.0
"""Ten minutes, as long as a login may take."""
MOST_PARKED: Final = 200
"""Beyond it the oldest go: pages that were looked at and left."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Parked(Generic[T]):
    thing: T
    since_s: float


class Parking(Generic[T]):
    """Things under tickets. Safe from any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._parked: dict[str, _Parked[T]] = {}

    def park(self, thing: T, ticket: str | None = None) -> str:
        """Keep it from now on, under its ticket or a new one that nobody can guess."""
        ticket = ticket or secrets.token_urlsafe(24)
        with self._lock:
            self._parked.pop(ticket, None)  # the newest stand last
            self._parked[ticket] = _Parked(thing, self._clock.now_s())
            self._sweep()
        return ticket

    def take(self, ticket: str | None) -> T | None:
        """What was kept under the ticket, once; None for an unknown, used or old one."""
        with self._lock:
            self._sweep()
            parked = self._parked.pop(ticket, None) if ticket else None
        return parked.thing if parked else None

    def _sweep(self) -> None:
        oldest_s = self._clock.now_s() - KEPT_S
        for ticket in [ticket for ticket, parked in self._parked.items() if parked.since_s < oldest_s]:
            del self._parked[ticket]
        while len(self._parked) > MOST_PARKED:
            del self._parked[next(iter(self._parked))]
