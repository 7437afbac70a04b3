"""A visitor's summaries, worked out beside the script: eight hours of figures never hold a chart up."""

from __future__ import annotations

import zlib
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from functools import cache
from typing import Final

import numpy as np
import streamlit as st

from emrs_core.timeline.sessions import Timeline
from emrs_core.timeline.statistics.summary import Summary, summarise

WORKERS: Final = 2
"""Sessions worked out at once, of all visitors together; each takes one processor."""
KEPT: Final = 8
"""Summaries a visitor keeps: going back and forth between a few sessions costs nothing."""

Key = tuple[str, int, int, int]


@cache
def workers() -> Executor:
    """The threads that work figures out, shared by all visitors."""
    return ThreadPoolExecutor(WORKERS, thread_name_prefix="emrs-figures")


class SummaryDesk:
    """The last few summaries of one visitor, by content. Script thread only; the work itself runs on ``workers``."""

    def __init__(self, executor: Executor | None = None, work_out: Callable[[Timeline], Summary] = summarise) -> None:
        self._executor = executor
        self._work_out = work_out
        self._summaries: OrderedDict[Key, Future[Summary]] = OrderedDict()

    def summary_of(self, timeline: Timeline, patience_s: float) -> Summary | None:
        """The figures of this very content; None when they are not there after ``patience_s``: then ask again.

        Raises what working them out raised, each time: the same content would fail again.
        """
        key = fingerprint(timeline)
        if key not in self._summaries:
            self._summaries[key] = (self._executor or workers()).submit(self._work_out, timeline)
        self._summaries.move_to_end(key)
        while len(self._summaries) > KEPT:
            self._summaries.popitem(last=False)[1].cancel()
        future = self._summaries[key]
        if not wait([future], timeout=patience_s).done:
            return None
        return future.result()

    def last_of(self, session_id: str) -> Summary | None:
        """The newest figures of that session that are there, of whatever content it had then."""
        for key, future in reversed(self._summaries.items()):
            if key[0] == session_id and future.done() and not future.cancelled() and future.exception() is None:
                return future.result()
        return None


def fingerprint(timeline: Timeline) -> Key:
    """Tells one content of a session from another: its events, and its samples' times, moods and places."""
    samples = timeline.samples
    check = 0
    for column in (samples.t_s, samples.mood, samples.quality, samples.face, samples.point, samples.raw):
        check = zlib.crc32(np.ascontiguousarray(column).data, check)
    return timeline.info.id, len(samples), check, hash(timeline.events)


@st.cache_resource(scope="session", show_spinner=False)
def desk() -> SummaryDesk:
    """This browser session's desk; gone with it."""
    return SummaryDesk()
