"""Writes a running session into a store from a thread of its own; the live view never waits for the database."""

from __future__ import annotations

import contextlib
import itertools
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from emrs_core.errors import ConsentWithdrawn, EmrsError, TimelineNotFound
from emrs_core.timeline.backlog import Backlog
from emrs_core.timeline.events import Event, Sample
from emrs_core.timeline.sessions import SessionFacts, SessionInfo
from emrs_core.timeline.store import TimelineStore

logger = logging.getLogger(__name__)
numbers = itertools.count(1)

WRITE_EVERY_S = 0.5
"""Twice a second: a program that is killed loses half a second and the time of one write."""
RETRY_EVERY_S = 2.0
SAY_EVERY_S = 10.0
"""A session in which nothing happens is still said to run: a third of the silence that counts as a crash."""


class RecorderState(StrEnum):
    """What becomes of the session."""

    RECORDING = "recording"
    WAITING = "waiting"  # the database is out of reach; what comes is held in memory
    ENDED = "ended"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class RecorderStatus:
    """For the page: whether all is well, and what is not."""

    state: RecorderState
    problem: str | None = None  # in words, None when all is well
    waiting: int = 0  # samples and events not yet written
    lost: int = 0  # those for which there was no room any more
    stopped: str | None = None  # in words, why the recording ended by itself


class SessionRecorder:
    """Keeps one session. Nothing is written before the first sample or event. Every method from any thread.

    ``open_store`` is asked before each write, on the writer's thread, and may raise any EmrsError: then what comes is
    held in memory, bounded, and written once the store is there. ``opening`` are events that belong to every session,
    such as the consent; they are written with the first thing that happens.
    """

    def __init__(
        self,
        open_store: Callable[[], TimelineStore],
        info: SessionInfo,
        opening: tuple[Event, ...] = (),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.info = info
        self._open_store = open_store
        self._opening = opening
        self._now = now
        self._backlog = Backlog()
        self._wake = threading.Condition()
        self._state = RecorderState.RECORDING
        self._problem: str | None = None
        self._stopped: str | None = None
        self._tried = self._begun = False
        self._first_info = info
        self._described: SessionFacts | None = info.facts  # as the store has them; None while that is not known
        self._said_s = 0.0  # on the process's clock
        self._thread: threading.Thread | None = None

    def add(self, sample: Sample | None = None, *events: Event) -> None:
        """Take something to keep. At once; nothing after ``end`` or ``discard``."""
        if sample is None and not events:
            return
        with self._wake:
            if self._state in (RecorderState.ENDED, RecorderState.DISCARDED):
                return
            if self._thread is None:
                self._backlog.put(None, self._opening)
                self._thread = threading.Thread(target=self._run, name=f"emrs-record-{next(numbers)}", daemon=True)
                self._thread.start()
            self._backlog.put(sample, events)

    def describe(self, facts: SessionFacts) -> None:
        """Say what the session is: written with what comes next, or by itself once something was written."""
        with self._wake:
            self.info = self.info.described(facts)

    @property
    def status(self) -> RecorderStatus:
        with self._wake:
            return RecorderStatus(self._state, self._problem, len(self._backlog), self._backlog.lost, self._stopped)

    def end(self) -> None:
        """The session is over; what waits is still written. Returns at once."""
        self._finish(RecorderState.ENDED)

    def discard(self) -> None:
        """Do not keep this session: forget what waits, erase what was written. Returns at once."""
        self._finish(RecorderState.DISCARDED)

    def close(self, timeout_s: float = 2.0) -> None:
        """End the session, if it is not over, and wait for the writer. Safe to call twice; cannot hang."""
        self.end()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout_s)

    def _finish(self, state: RecorderState) -> None:
        with self._wake:
            if self._state is not RecorderState.DISCARDED:
                self._state = state
            if self._state is RecorderState.DISCARDED:
                self._backlog.clear()
            self._wake.notify_all()

    # -- the writer's thread -------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._turn():
            self._pause()

    def _pause(self) -> None:
        """Until the next write is due, or the session is over."""
        with self._wake:
            state, trouble = self._state, self._problem is not None
            self._wake.wait_for(lambda: self._state is not state, RETRY_EVERY_S if trouble else WRITE_EVERY_S)

    def _turn(self) -> bool:
        """Write what waits; whether all is done, for good."""
        try:
            done = self._write()
        except TimelineNotFound:
            self._stop(RecorderState.DISCARDED, "The session was erased while it was recorded.")
            done = True
        except ConsentWithdrawn as exc:
            self._stop(RecorderState.ENDED, str(exc))
            done = False  # its end is still to be written
        except EmrsError as exc:
            self._note(str(exc))
            return False
        except Exception as exc:  # a worker loop's wall: the live view goes on whatever the database does
            logger.exception("a session could not be written")
            self._note(f"Unexpected trouble with the database: {exc}.")
            return False
        self._note(None)
        return done

    def _write(self) -> bool:
        with self._wake:
            batch, state, info = self._backlog.next_batch(), self._state, self.info
        if state is RecorderState.DISCARDED:
            self._erase()
            return True
        store = self._open_store()
        if not self._begun:
            self._tried = True  # said first: a beginning whose answer is lost may have been made
            store.begin(self._first_info)
            self._begun = True
        if info.facts != self._described:
            self._described = None
            store.describe(info.id, info.facts)
            self._described = info.facts
        if batch.samples or batch.events or time.monotonic() - self._said_s > SAY_EVERY_S:
            store.append(info.id, batch.samples, batch.events)
            self._said_s = time.monotonic()
        with self._wake:
            self._backlog.done(batch)
            state, left = self._state, len(self._backlog) or self.info is not info
        if state is RecorderState.ENDED and not left:
            store.end(self.info.id, self._now())
            return True
        return False

    def _erase(self) -> None:
        if self._tried:
            with contextlib.suppress(TimelineNotFound):
                self._open_store().delete(self.info.id)

    def _stop(self, state: RecorderState, reason: str) -> None:
        """Nothing more may be written: forget what waits, and say why."""
        with self._wake:
            self._state = state if self._state is not RecorderState.DISCARDED else self._state
            self._stopped = reason
            self._backlog.clear()

    def _note(self, problem: str | None) -> None:
        with self._wake:
            self._problem = problem
            if self._state in (RecorderState.RECORDING, RecorderState.WAITING):
                self._state = RecorderState.WAITING if problem else RecorderState.RECORDING
