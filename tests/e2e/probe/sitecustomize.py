"""Loaded by the tested server's Python at its start; the product has no such doors.

SIGUSR1 writes what every thread is doing, so that a test sees from outside whether an analysis thread lives, and then
a last line. SIGUSR2 makes every turn of the event loop slow, as a busy machine does, and the next one ends that.
"""

import asyncio
import faulthandler
import os
import signal
import time

SLOW_TURN_S = 0.5  # long enough for a run of the page and the redraws after it


def make_loop_slowable():
    slow = False
    original = asyncio.BaseEventLoop._run_once

    def turn(loop):
        if slow:
            time.sleep(SLOW_TURN_S)  # other threads go on meanwhile
        original(loop)

    def toggle(number, frame):
        nonlocal slow
        slow = not slow

    asyncio.BaseEventLoop._run_once = turn
    signal.signal(signal.SIGUSR2, toggle)


if "EMRS_TEST_THREADS" in os.environ:
    target = os.open(os.environ["EMRS_TEST_THREADS"], os.O_WRONLY | os.O_APPEND)
    signal.signal(signal.SIGUSR1, lambda number, frame: os.write(target, b"all threads told\n"))
    faulthandler.register(signal.SIGUSR1, file=target, all_threads=True, chain=True)  # the line comes after it
    make_loop_slowable()
