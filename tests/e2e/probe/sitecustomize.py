"""Loaded by the tested server's Python at its start: on SIGUSR1 it writes what every thread is doing.

So that a test can see from outside whether an analysis thread lives; the product has no such door.
"""

import faulthandler
import os
import signal

if "EMRS_TEST_THREADS" in os.environ:
    target = os.open(os.environ["EMRS_TEST_THREADS"], os.O_WRONLY | os.O_APPEND)
    faulthandler.register(signal.SIGUSR1, file=target, all_threads=True)
