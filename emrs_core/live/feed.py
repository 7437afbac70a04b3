"""Between the camera's stream and the analysis: takes frames, gives back pictures with the last result drawn on."""

from __future__ import annotations

import logging
import threading

import av
import cv2
import numpy as np

from emrs_core.live.worker import LiveWorker
from emrs_core.session import ListenerSession
from emrs_core.types import Frame, LiveSnapshot
from emrs_core.vision.overlay import draw, mirror_analysis

logger = logging.getLogger(__name__)

STALE_S = 1.5
"""A result older than this is no longer drawn: the frame would stand beside the face."""


class LiveFeed:
    """One visitor's camera: give ``on_frame`` to the streamer and read ``snapshot`` from the page.

    ``mirror`` and ``show_labels`` may be set from any thread at any time. The analysis thread starts with the first
    frame and ends with ``on_ended``, ``close``, or by itself when no frame comes any more; later ones start it anew.
    """

    def __init__(self, session: ListenerSession) -> None:
        self._session = session
        self._lock = threading.Lock()
        self._worker: LiveWorker | None = None
        self._start_failed = False
        self.mirror = True
        self.show_labels = True

    def on_frame(self, frame: av.VideoFrame) -> av.VideoFrame:
        """The frame callback, about 2 ms: never blocks, never raises.

        Meant for the server's event loop itself: through a processing thread of the streamer's every picture would
        come back one to two pictures late, at 15 a second 0.13 s (``benchmarks/bench_browser.py``).
        """
        try:
            return self._process(frame, self._open_worker())
        except Exception as exc:  # noqa: BLE001 - the callback's wall: one exception here would end the stream for good
            self._note_error(exc)
            return frame

    def snapshot(self) -> LiveSnapshot:
        """Mood, last analysis and figures, for one redraw. Never blocks."""
        with self._lock:
            worker = self._worker
        if worker is None:
            return LiveSnapshot(self._session.mood())
        return LiveSnapshot(self._session.mood(), worker.latest, worker.stats())

    @property
    def is_open(self) -> bool:
        """Whether an analysis thread is alive."""
        with self._lock:
            return self._worker is not None and self._worker.alive

    def on_ended(self) -> None:
        """The stream's end (camera taken away, Stop, tab closed). On the event loop, so it waits for nothing."""
        self.close(timeout_s=0.0)

    def close(self, timeout_s: float = 2.0) -> None:
        """Stop the analysis thread. Safe to call twice; cannot hang."""
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.close(timeout_s)

    def _open_worker(self) -> LiveWorker:
        with self._lock:
            if self._worker is None or not self._worker.alive:
                self._worker = LiveWorker(self._session.observe, self._session.clock)
            return self._worker

    def _note_error(self, exc: Exception) -> None:
        with self._lock:
            worker = self._worker
            first, self._start_failed = not self._start_failed, worker is None
        if worker is not None:
            worker.note_error(exc)
        elif first:
            logger.error("live analysis could not start", exc_info=exc)

    def _process(self, frame: av.VideoFrame, worker: LiveWorker) -> av.VideoFrame:
        image = frame.to_ndarray(format="bgr24").astype(np.uint8, copy=False)
        now_s = self._session.clock.now_s()
        worker.post(Frame(image, now_s))
        analysis = worker.latest
        if self.mirror:  # people know themselves from mirrors; text is drawn after the flip
            image = cv2.flip(image, 1).astype(np.uint8, copy=False)
        if analysis is not None and now_s - analysis.t_s <= STALE_S:
            shown = mirror_analysis(analysis, image.shape[1]) if self.mirror else analysis
            image = draw(image, shown, self._session.mood(), labels=self.show_labels)
        answer = av.VideoFrame.from_ndarray(image, format="bgr24")
        answer.pts, answer.time_base = frame.pts, frame.time_base
        return answer
