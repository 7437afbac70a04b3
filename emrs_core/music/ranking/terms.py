"""What spoke for a song: each part of its score beside that of the songs it was chosen from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

CLEARLY = 0.02
"""Score by which another part must outdo the fit to be named as the reason: less is chance."""


class Term(StrEnum):
    """The parts of a score."""

    FIT = "fit"  # near the waypoint
    TRANSITION = "transition"  # near the song before
    TASTE = "taste"  # what the person is expected to think of it
    FRESHNESS = "freshness"  # not heard lately, while others like it were
    ARTIST = "artist"  # by somebody not heard lately
    KNOWN = "known"  # as well or as little known as the person wants
    VARIETY = "variety"  # unlike the songs before


@dataclass(frozen=True, slots=True)
class Terms:
    """Advantage of the chosen song over the mean of its pool, in units of the score, for each part; 0 if missing."""

    advantages: Mapping[Term, float]

    @property
    def winner(self) -> Term:
        """The part that spoke most for the song; the fit unless another clearly outdoes it."""
        fit = max(0.0, self.advantages.get(Term.FIT, 0.0))
        best = max(self.advantages, key=lambda term: self.advantages[term], default=Term.FIT)
        return best if self.advantages.get(best, 0.0) > fit + CLEARLY else Term.FIT
