"""What the listener's own device plays, and when to look again: the one place where it is asked for."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Final

from emrs_core.errors import EmrsError
from emrs_core.streaming import NowPlaying

FOLLOW_S: Final = 10.0
"""Between two looks, on every page: six a minute are far below any limit, and a song's end is known soon after."""
REST_S: Final = 60.0
"""A service that did not answer, or wants to be left alone, is left alone for so long."""
GIVE_UP_S: Final = 600.0
"""Nothing on for ten minutes: the listening is over, until something is played from here again."""

Look = Callable[[], NowPlaying | None]


@dataclass(slots=True, eq=False)
class Following:
    """One visit's looks, and what came of the last. Script thread only; a look itself runs on the executor."""

    wanted: bool = False  # something was played from here; so it is followed on every page
    next_s: float = -math.inf  # when to look again, in the visit's time; so the next
    heard_s: float = 0.0  # when something was last known to be on
    under_way: Future[NowPlaying | None] | None = None
    answered: bool = False  # whether ``now`` and ``failure`` say anything yet
    now: NowPlaying | None = None  # what the last look that worked saw; None: nothing is on
    failure: EmrsError | None = None  # why the last look did not work

    def begin(self, now_s: float) -> None:
        """Something was played from here."""
        self.heard_s = now_s
        if not self.wanted:
            self.wanted, self.next_s = True, now_s

    def soon(self) -> None:
        """What is on may have changed: look at the next step."""
        self.next_s = -math.inf

    def stop(self) -> None:
        """Look no more and forget what was seen; an answer under way comes to nothing."""
        self.wanted, self.under_way = False, None
        self.answered, self.now, self.failure = False, None, None
        self.soon()

    def step(self, look: Look, now_s: float, executor: Executor, *, watched: bool = False) -> None:
        """Take in an answer that came, and ask again when it is time. Returns at once.

        ``watched``: a person is looking at what plays, so it is asked for even if nothing was played from here.
        Raises what the look raised, once, unless it is meant for a person: that is ``failure``.
        """
        self._take_in(now_s)
        if (self.wanted or watched) and self.under_way is None and now_s >= self.next_s:
            self.under_way, self.next_s = executor.submit(look), now_s + FOLLOW_S
            self._take_in(now_s)

    def _take_in(self, now_s: float) -> None:
        answer = self.under_way
        if answer is None or not answer.done():
            return
        self.under_way = None
        try:
            self.now, self.failure = answer.result(), None
        except EmrsError as exc:
            self.failure, self.next_s = exc, now_s + REST_S
        self.answered = True
        if self.failure is None and self.now is not None and self.now.playing:
            self.heard_s = now_s
        elif self.failure is None and now_s - self.heard_s > GIVE_UP_S:
            self.wanted = False
