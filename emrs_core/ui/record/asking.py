"""When a person is asked how they feel: before, now and then during, and after. Pure: times in, a moment out.

Never in the way: each question may be left alone, and those during a session go by themselves. What is asked before
ends with Start, when the page is laid out anew anyway: going later, it would move the songs under the pointer.
"""

from __future__ import annotations

from typing import Final

from emrs_core.timeline.events import ReportMoment
from emrs_core.timeline.habits import AskedWhen

EVERY_S: Final = 600.0
"""At most every ten minutes: each question interrupts what it asks about."""
SHOWN_S: Final = 90.0
"""A question during a session that nobody answers goes away."""
WATCHED_S: Final = 10.0
"""A camera that was on for less, by mistake or to try it, is nothing to be asked about."""


class Asking:
    """Follows one session. Script thread; call ``due`` on every redraw. Times are seconds of one clock."""

    def __init__(self, asked: AskedWhen = AskedWhen.OFTEN) -> None:
        self.asked = asked  # may change at any time
        self._before_open = True
        self._after_open = False
        self._started_s: float | None = None  # of the camera that is on
        self._watched_s = 0.0
        self._ever_started = False
        self._quiet_since_s = 0.0  # when the camera started, or the last question was answered, put off or missed
        self._shown_since_s: float | None = None
        self.wanted = False  # the person asks to be asked

    def due(self, now_s: float, playing: bool) -> ReportMoment | None:
        """The question to show now, None for none."""
        self._follow(now_s, playing)
        if self.wanted:
            return self._moment(playing)
        if self.asked is AskedWhen.NEVER:
            return None
        if self._before_open:
            return ReportMoment.BEFORE
        if self._after_open:
            return ReportMoment.AFTER
        return ReportMoment.DURING if playing and self._is_time(now_s) else None

    def want(self) -> None:
        """The person asks to be asked now."""
        self.wanted = True

    def close(self, now_s: float) -> None:
        """The question that is shown was answered, or will not be."""
        self.wanted = self._before_open = self._after_open = False
        self._shown_since_s = None
        self._quiet_since_s = now_s

    def _moment(self, playing: bool) -> ReportMoment:
        if playing:
            return ReportMoment.DURING
        return ReportMoment.AFTER if self._ever_started else ReportMoment.BEFORE

    def _follow(self, now_s: float, playing: bool) -> None:
        if playing and self._started_s is None:
            self._started_s, self._ever_started, self._quiet_since_s = now_s, True, now_s
            self._before_open = self._after_open = False
        elif not playing and self._started_s is not None:
            self._after_open = now_s - self._started_s >= WATCHED_S
            self._started_s = self._shown_since_s = None

    def _is_time(self, now_s: float) -> bool:
        if self.asked is not AskedWhen.OFTEN:
            self._shown_since_s = None
            return False
        if self._shown_since_s is None:
            if now_s - self._quiet_since_s < EVERY_S:
                return False
            self._shown_since_s = now_s
        if now_s - self._shown_since_s > SHOWN_S:
            self._shown_since_s, self._quiet_since_s = None, now_s
            return False
        return True
