"""When to look at the listener's own device again, so that what it plays is known on every page."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Final

from emrs_core.errors import EmrsError
from emrs_core.streaming import NowPlaying

FOLLOW_S: Final = 10.0
"""Between two looks: six a minute are far below any limit, and a song's end is known to a few seconds."""
REST_S: Final = 60.0
"""A service that did not answer, or wants to be left alone, is left alone for so long."""
GIVE_UP_S: Final = 600.0
"""Nothing on for ten minutes: the listening is over, until something is played from here again."""

Look = Callable[[], NowPlaying | None]


@dataclass(slots=True, eq=False)
class Following:
    """One visit's looks. Script thread only; the look itself runs on the executor, so no page waits for it."""

    wanted: bool = False
    next_s: float = 0.0  # when to look again, in the visit's time; so the next
    heard_s: float = 0.0  # when something was last known to be on
    under_way: Future[NowPlaying | None] | None = None

    def begin(self, now_s: float) -> None:
        """Something was played from here."""
        self.heard_s = now_s
        if not self.wanted:
            self.wanted, self.next_s = True, now_s

    def stop(self) -> None:
        """Look no more; an answer under way comes to nothing."""
        self.wanted, self.under_way = False, None

    def step(self, look: Look, now_s: float, executor: Executor) -> None:
        """Take in an answer that came, and ask again when it is time. Answers at once.

        Raises what the look raised, once, unless it is meant for a person: the Spotify page says that when asked.
        """
        self._take_in(now_s)
        if self.wanted and self.under_way is None and now_s >= self.next_s:
            self.under_way, self.next_s = executor.submit(look), now_s + FOLLOW_S

    def _take_in(self, now_s: float) -> None:
        answer = self.under_way
        if answer is None or not answer.done():
            return
        self.under_way = None
        try:
            now = answer.result()
        except EmrsError:
            self.next_s = now_s + REST_S
            return
        if now is not None and now.playing:
            self.heard_s = now_s
        elif now_s - self.heard_s > GIVE_UP_S:
            self.stop()
