"""The thread that analyses frames, so that the frame callback never waits."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable

from emrs_core.live.mailbox import Mailbox
from emrs_core.live.meter import DelayMeter, RateMeter
from emrs_core.protocols import Clock
from emrs_core.types import Frame, FrameAnalysis, LiveStats

logger = logging.getLogger(__name__)

TAKE_TIMEOUT_S = 0.5
IDLE_S = 10.0
"""Without a frame for so long nobody looks any more: a frame that slipped in after the end must not leave a thread."""
_numbers = itertools.count(1)


class LiveWorker:
    """Calls ``observe`` for the newest frame posted, one at a time, on a thread of its own, until ``close`` or until
    no frame has come for IDLE_S.

    ``post``, ``latest`` and ``stats`` never block and may be called from any thread. An exception in ``observe`` is
    counted and logged once per kind; the next frame is tried all the same.
    """

    def __init__(self, observe: Callable[[Frame], FrameAnalysis], clock: Clock) -> None:
        self._observe = observe
        self._clock = clock
        self._mailbox = Mailbox()
        self._lock = threading.Lock()
        self._latest: FrameAnalysis | None = None
        self._received, self._analysed, self._delay = RateMeter(), RateMeter(), DelayMeter()
        self._errors = 0
        self._kinds_logged: set[type[BaseException]] = set()
        self._thread = threading.Thread(target=self._run, name=f"emrs-live-{next(_numbers)}", daemon=True)
        self._thread.start()

    def post(self, frame: Frame) -> None:
        """Leave a frame for analysis; one not taken yet is dropped for it."""
        with self._lock:
            self._received.tick(self._clock.now_s())
        self._mailbox.post(frame)

    @property
    def latest(self) -> FrameAnalysis | None:
        with self._lock:
            return self._latest

    def stats(self) -> LiveStats:
        now_s = self._clock.now_s()
        with self._lock:
            return LiveStats(
                received_fps=self._received.rate(now_s),
                analysed_fps=self._analysed.rate(now_s),
                delay_ms=self._delay.median_ms(),
                received=self._received.total,
                dropped=self._mailbox.dropped,
                errors=self._errors,
            )

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def note_error(self, exc: BaseException) -> None:
        """Count an exception met at a wall of the live path; log it the first time its kind comes."""
        with self._lock:
            self._errors += 1
            new = type(exc) not in self._kinds_logged
            self._kinds_logged.add(type(exc))
        if new:
            logger.error("live analysis met %s; the stream goes on", type(exc).__name__, exc_info=exc)

    def close(self, timeout_s: float = 2.0) -> None:
        """Stop the thread and wait for it at most ``timeout_s``. Safe to call twice, and from any thread."""
        self._mailbox.close()
        if self._thread is not threading.current_thread():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        logger.info("live analysis started (%s)", self._thread.name)
        taken_s = self._clock.now_s()
        while not self._mailbox.closed:
            frame = self._mailbox.take(TAKE_TIMEOUT_S)
            if frame is None:
                if self._clock.now_s() - taken_s > IDLE_S:
                    self._mailbox.close()
                continue
            taken_s = self._clock.now_s()
            try:
                analysis = self._observe(frame)
            except Exception as exc:  # noqa: BLE001 - the worker's wall: one bad frame must not end the analysis
                self.note_error(exc)
                continue
            now_s = self._clock.now_s()
            with self._lock:
                self._latest = analysis
                self._analysed.tick(now_s)
                self._delay.add(now_s - frame.t_s)
        logger.info("live analysis stopped (%s)", self._thread.name)
