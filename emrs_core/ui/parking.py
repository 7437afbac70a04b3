"""A visit kept for a person who leaves the page to log in elsewhere: coming back is a new browser session.

A page that shows a link to the login gives its visit a ticket; that alone keeps nothing. Only when the person follows
the link is the visit (agreement, mood, songs; in memory) held for a few minutes, until the ticket is shown once.
Whoever takes it takes it away from the page that was left: no two browsers ever share one.
"""

from __future__ import annotations

import secrets
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from emrs_core.clock import MonotonicClock
from emrs_core.protocols import Clock

if TYPE_CHECKING:  # the routes hold visits without knowing them
    from emrs_core.ui.state import Visit

KEPT_S: Final = 600.0
"""Ten minutes, as long as a login may take."""
MOST_TICKETS: Final = 500
"""Beyond it the oldest go: pages that were looked at and left."""
MOST_HELD: Final = 50
"""Likewise of visits held; one with ten minutes of mood is about 6 MB."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Parked(Generic[T]):
    ticket_of: weakref.ref[T]
    since_s: float
    held: T | None = None


class Parking(Generic[T]):
    """Things under tickets; they must allow weak references. Safe from any thread."""

    def __init__(self, clock: Clock, on_leaving: Callable[[T], None] | None = None) -> None:
        """``on_leaving`` is told what begins to be held."""
        self._clock = clock
        self._on_leaving = on_leaving
        self._lock = threading.Lock()
        self._parked: dict[str, _Parked[T]] = {}

    def ticket(self, thing: T, ticket: str | None = None) -> str:
        """A ticket that nobody can guess, or a fresh term for the one it has. Keeps nothing alive."""
        ticket = ticket or secrets.token_urlsafe(24)
        with self._lock:
            self._parked.pop(ticket, None)  # the newest stand last
            self._parked[ticket] = _Parked(weakref.ref(thing), self._clock.now_s())
            self._sweep()
        return ticket

    def hold(self, ticket: str | None) -> None:
        """The person leaves for the login: keep what is under the ticket from now on. Nothing for an unknown one."""
        with self._lock:
            self._sweep()
            parked = self._parked.pop(ticket, None) if ticket else None
            held = parked.ticket_of() if parked is not None else None
            if parked is not None and ticket is not None:
                self._parked[ticket] = replace(parked, since_s=self._clock.now_s(), held=held)
        if held is not None and self._on_leaving is not None:
            self._on_leaving(held)

    def take(self, ticket: str | None) -> T | None:
        """What is under the ticket, once; None for an unknown, used or old one, or one whose page is gone."""
        with self._lock:
            self._sweep()
            parked = self._parked.pop(ticket, None) if ticket else None
        return None if parked is None else parked.held or parked.ticket_of()

    def _sweep(self) -> None:
        oldest_s = self._clock.now_s() - KEPT_S
        alive = [(t, p) for t, p in self._parked.items() if p.since_s >= oldest_s and p.ticket_of() is not None]
        held = [ticket for ticket, parked in alive if parked.held is not None]
        gone = set(held[:-MOST_HELD])
        self._parked = dict([(t, p) for t, p in alive if t not in gone][-MOST_TICKETS:])


@cache
def visits() -> Parking[Visit]:
    """Where visits wait; one for all browsers. Any thread."""
    return Parking(MonotonicClock(), lambda visit: visit.session.music.page_left())
