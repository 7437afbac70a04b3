"""Keeping a long-running server small."""

from __future__ import annotations

import ctypes
import logging
import sys

logger = logging.getLogger(__name__)

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # names and numbers of glibc's malloc.h
TRIM_BYTES = 128 * 1024
MMAP_BYTES = 256 * 1024
"""A 640x480 picture has 0.9 MB: above this bound it is given back to the system the moment it is freed."""
ARENAS = 2


def return_freed_memory() -> bool:
    """Tell glibc to give freed pictures back instead of keeping them; returns whether that was possible.

    Frames come and go on several threads a visitor. glibc raises its own mmap threshold to the size of the largest
    block freed so far and keeps an arena a thread, so that every viewer's pictures stay behind as fragments. Fixing
    the thresholds switches that growth off (``benchmarks/bench_memory.py`` shows what a viewer costs). Call it once,
    before any frame; on other systems nothing is done. Source: mallopt(3), "M_MMAP_THRESHOLD".
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return False
    wanted = {M_MMAP_THRESHOLD: MMAP_BYTES, M_TRIM_THRESHOLD: TRIM_BYTES, M_ARENA_MAX: ARENAS}
    answers = [mallopt(option, value) for option, value in wanted.items()]  # a list: each is to be tried
    done = all(answer == 1 for answer in answers)
    if not done:
        logger.info("this C library does not take all memory settings; memory may grow a little more")
    return done
