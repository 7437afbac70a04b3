"""Loaded by the tested server's Python at its start; the product has no such doors.

SIGUSR1 writes what every thread is doing, so that a test sees from outside whether an analysis thread lives, and then
a last line. SIGUSR2 makes every turn of the event loop slow, as a busy machine does, and the next one ends that.
"""

import asyncio
import os
import signal
import sys
import time
import traceback

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


def tell_threads_to(target):
    def tell(number, frame):
        """On the main thread while no other moves: ``faulthandler`` looks at threads that run on, and may crash."""
        parts = []
        for thread, top in sys._current_frames().items():
            calls = [
                f'  File "{at.f_code.co_filename}", line {line} in {at.f_code.co_name}'
                for at, line in traceback.walk_stack(top)
            ]
            parts.append("\n".join([f"Thread {thread:#x}", *calls]))
        os.write(target, ("\n\n".join(parts) + "\nall threads told\n").encode())

    signal.signal(signal.SIGUSR1, tell)


if "EMRS_TEST_THREADS" in os.environ:
    tell_threads_to(os.open(os.environ["EMRS_TEST_THREADS"], os.O_WRONLY | os.O_APPEND))
    make_loop_slowable()
