"""Mailbox, worker and meters: the newest frame wins, nothing blocks, an exception ends nothing."""

from __future__ import annotations

import logging
import threading
import time

import numpy as np
import pytest

from emrs_core.clock import MonotonicClock
from emrs_core.live.mailbox import Mailbox
from emrs_core.live.meter import WINDOW_S, RateMeter
from emrs_core.live.worker import IDLE_S, LiveWorker
from emrs_core.testing.clock import FakeClock
from emrs_core.types import Frame, FrameAnalysis
from tests.waiting import wait_until


def frame(t_s: float) -> Frame:
    return Frame(np.zeros((4, 4, 3), np.uint8), t_s)


def test_the_newest_frame_wins_and_the_others_are_counted() -> None:
    mailbox = Mailbox()
    for t in range(5):
        mailbox.post(frame(float(t)))
    taken = mailbox.take(0.0)
    assert taken is not None
    assert taken.t_s == 4.0
    assert mailbox.dropped == 4
    assert mailbox.take(0.0) is None


def test_a_closed_mailbox_wakes_its_reader_and_ignores_mail() -> None:
    mailbox = Mailbox()
    got: list[Frame | None] = []
    reader = threading.Thread(target=lambda: got.append(mailbox.take(30.0)))
    reader.start()
    mailbox.close()
    reader.join(5.0)
    assert got == [None]
    mailbox.post(frame(1.0))
    assert mailbox.take(0.0) is None


def test_a_rate_is_events_a_second_over_the_window() -> None:
    meter = RateMeter()
    for i in range(100):
        meter.tick(i / 10)
    assert meter.rate(9.9) == pytest.approx(10.0, rel=0.05)
    assert meter.total == 100
    assert meter.rate(9.9 + WINDOW_S + 1) == 0.0


def test_the_worker_analyses_the_newest_and_never_makes_the_poster_wait() -> None:
    gate, seen = threading.Event(), []

    def observe(item: Frame) -> FrameAnalysis:
        seen.append(item.t_s)
        assert gate.wait(10)
        return FrameAnalysis(item.t_s)

    worker = LiveWorker(observe, FakeClock(100.0))
    try:
        worker.post(frame(0.0))
        wait_until(lambda: len(seen) == 1)
        for t in range(1, 6):
            worker.post(frame(float(t)))  # returns although the worker is busy
        gate.set()
        wait_until(lambda: worker.latest is not None and worker.latest.t_s == 5.0)
        assert seen == [0.0, 5.0]
        stats = worker.stats()
        assert (stats.received, stats.dropped, stats.errors) == (6, 4, 0)
        assert stats.delay_ms == pytest.approx(1000 * 97.5)  # median of 100 and 95 seconds on a clock that stands still
    finally:
        worker.close()
    assert not worker.alive


def test_an_exception_is_counted_logged_once_a_kind_and_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def observe(item: Frame) -> FrameAnalysis:
        if item.t_s < 3:
            raise RuntimeError("a bad frame")
        return FrameAnalysis(item.t_s)

    worker = LiveWorker(observe, MonotonicClock())
    try:
        with caplog.at_level(logging.ERROR):
            for t in range(3):
                worker.post(frame(float(t)))
                wait_until(lambda n=t: worker.stats().errors == n + 1)  # type: ignore[misc]
            worker.post(frame(3.0))
            wait_until(lambda: worker.latest is not None)
        assert sum("RuntimeError" in record.message for record in caplog.records) == 1
    finally:
        worker.close()


def test_close_is_quick_safe_to_repeat_and_possible_from_within() -> None:
    closed = threading.Event()

    def observe(item: Frame) -> FrameAnalysis:
        worker.close()
        closed.set()
        return FrameAnalysis(item.t_s)

    worker = LiveWorker(observe, MonotonicClock())
    worker.post(frame(0.0))
    assert closed.wait(5)
    wait_until(lambda: not worker.alive)
    worker.close()
    worker.post(frame(1.0))


def test_a_worker_that_nobody_feeds_ends_by_itself() -> None:
    clock = FakeClock()
    worker = LiveWorker(lambda item: FrameAnalysis(item.t_s), clock)
    worker.post(frame(0.0))
    wait_until(lambda: worker.latest is not None)
    assert worker.alive
    clock.advance(IDLE_S + 1)
    wait_until(lambda: not worker.alive)


def test_close_cannot_hang_on_a_stuck_analysis() -> None:
    gate = threading.Event()

    def observe(item: Frame) -> FrameAnalysis:
        gate.wait(20)
        return FrameAnalysis(item.t_s)

    worker = LiveWorker(observe, MonotonicClock())
    worker.post(frame(0.0))
    started = time.monotonic()
    worker.close(timeout_s=0.2)
    assert time.monotonic() - started < 5
    gate.set()
