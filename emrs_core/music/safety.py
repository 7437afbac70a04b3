"""When to stop and ask: what long sad music and a falling mood call for.

The other rules are kept where they bind: no target below a valence of -0.4 (``plane.safe_target``), at most two songs
in a row below -0.3 (``ranking.selection.Picker`` in a list, ``queue.SongQueue`` from one to the next). Nothing here
changes what the person chose; it only ever offers.
Source of the concern: Garrido & Schubert (2015), Moody melodies: do they cheer us up? A study of the effect of sad
music on mood: in listeners who ruminate, sad music deepened a low mood (335 listeners).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from emrs_core.music.goals import Goal
from emrs_core.music.plane import NAMED_TARGETS
from emrs_core.music.ranking.selection import is_low
from emrs_core.music.wish import Wish
from emrs_core.types import AffectPoint

FALL, FALL_SONGS = 0.15, 3
"""A valence that sinks by more than that over so many songs: nearly the error of an emotion's point (0.2), and three
songs are ten minutes, so that one odd look does not count."""
SAD_SONGS, SAD_MINUTES = 5, 20.0
"""Long enough to be a choice rather than a chance. Our own figures: with at most two sad songs in a row, five are
seven songs or more, nearly half an hour; twenty minutes of sad music are reached earlier only by long songs."""
SKIPPED_MINUTES = 0.5
"""A song left within half a minute was not music to be in."""
BRIGHT_SONGS = 3
"""So many brighter songs in a row end a sad stretch: the list itself puts one after every second sad song."""


class AdviceKind(StrEnum):
    """What happened."""

    MOOD_FALLS = "mood_falls"  # stop the music and offer calm
    LONG_SAD = "long_sad"  # play on; offer once to guide


@dataclass(frozen=True, slots=True)
class SafetyAdvice:
    """An offer to the person, who may decline it. ``pause``: the music should stop until they have answered."""

    kind: AdviceKind
    text: str  # one or two gentle sentences
    goal: Goal
    target: AffectPoint
    pause: bool

    def accepted(self, wish: Wish) -> Wish:
        """What the person wants once they say yes; length and filters stay theirs."""
        return replace(wish, goal=self.goal, target=self.target)


ADVICE: Mapping[AdviceKind, SafetyAdvice] = MappingProxyType(
    {
        AdviceKind.MOOD_FALLS: SafetyAdvice(
            AdviceKind.MOOD_FALLS,
            "You seem a little lower than a few songs ago, so the music has paused. Shall it go on towards calm?",
            Goal.GUIDE,
            NAMED_TARGETS["calm"],
            pause=True,
        ),
        AdviceKind.LONG_SAD: SafetyAdvice(
            AdviceKind.LONG_SAD,
            "You have been with sad music for a while. If you like, the next songs can lead somewhere calmer, "
            "step by step. Or stay as long as you wish.",
            Goal.GUIDE,
            NAMED_TARGETS["calm"],
            pause=False,
        ),
    }
)


class SafetyWatch:
    """Follows one visit song by song. Not thread-safe; deterministic, and without a clock of its own."""

    def __init__(self, mood: AffectPoint | None = None) -> None:
        """``mood``: as seen before the first song, None where it is not known."""
        self._moods: deque[AffectPoint | None] = deque([mood], maxlen=FALL_SONGS + 1)
        self._sad_songs = 0
        self._sad_minutes = 0.0
        self._bright_in_a_row = 0
        self._offered = False

    def heard(
        self, track: AffectPoint, mood: AffectPoint | None, minutes: float, goal: Goal = Goal.STAY
    ) -> SafetyAdvice | None:
        """A song lying at ``track`` was heard for ``minutes``, after which the ``mood`` was seen (None: it was not).

        ``goal`` is the person's. Advice when the mood's valence is more than 0.15 below what it was three songs ago
        (then the count begins anew), or, once a visit and never while the music guides already, after five sad songs
        or twenty minutes of them without three brighter ones in a row.
        """
        self._count(track, minutes)
        self._moods.append(mood)
        if self._has_fallen():
            self._moods = deque([mood], maxlen=FALL_SONGS + 1)
            return ADVICE[AdviceKind.MOOD_FALLS]
        long_sad = self._sad_songs >= SAD_SONGS or self._sad_minutes >= SAD_MINUTES
        if long_sad and not self._offered and goal is not Goal.GUIDE:
            self._offered = True
            return ADVICE[AdviceKind.LONG_SAD]
        return None

    def _count(self, track: AffectPoint, minutes: float) -> None:
        if minutes < SKIPPED_MINUTES:
            return
        if is_low(track):
            self._sad_songs += 1
            self._sad_minutes += minutes
            self._bright_in_a_row = 0
            return
        self._bright_in_a_row += 1
        if self._bright_in_a_row >= BRIGHT_SONGS:
            self._sad_songs, self._sad_minutes = 0, 0.0

    def _has_fallen(self) -> bool:
        before, now = self._moods[0], self._moods[-1]
        if len(self._moods) <= FALL_SONGS or before is None or now is None:
            return False
        return before.valence - now.valence > FALL
