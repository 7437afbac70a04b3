"""One slot between a fast producer and a slower consumer: the newest frame wins, the others are counted."""

from __future__ import annotations

import threading

from emrs_core.types import Frame


class Mailbox:
    """``post`` never blocks (frame callback's thread); ``take`` waits (the worker's thread)."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._frame: Frame | None = None
        self._closed = False
        self._dropped = 0

    @property
    def dropped(self) -> int:
        """Frames that a newer one replaced before they were taken."""
        with self._condition:
            return self._dropped

    def post(self, frame: Frame) -> None:
        """Leave the newest frame. After ``close`` it is ignored."""
        with self._condition:
            if self._closed:
                return
            self._dropped += self._frame is not None
            self._frame = frame
            self._condition.notify()

    def take(self, timeout_s: float) -> Frame | None:
        """The newest frame not taken yet, or None after ``timeout_s`` or at the close."""
        with self._condition:
            if self._frame is None and not self._closed:
                self._condition.wait(timeout_s)
            frame, self._frame = self._frame, None
            return None if self._closed else frame

    def close(self) -> None:
        with self._condition:
            self._closed = True
            self._frame = None
            self._condition.notify_all()

    @property
    def closed(self) -> bool:
        with self._condition:
            return self._closed
