"""What stands out in a taste, as facts that a person can read, check and object to."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from emrs_core.music.taste.model import FittedTaste, Observed

LIKELY = 0.8
"""Probability that an effect has the sign it seems to have, from which on it is told."""
WORTH_TELLING = 0.05
"""Smallest effect told, in thumbs: less would hardly move a song in the list."""
MOST_OF_A_KIND = 5
SOUND_WORDS = (
    ("bright songs", "dark songs"), ("powerful songs", "gentle songs"), ("songs to dance to", "songs to listen to"),
    ("acoustic songs", "electric songs"), ("fast songs", "slow songs"),
)  # fmt: skip
"""What more and less of each sound is called, in the order of ``features.TIMBRE``."""


@dataclass(frozen=True, slots=True)
class TasteFact:
    """Something that moves the expected opinion of a song.

    ``about`` is genre, decade, artist or sound; ``effect`` is in thumbs, about [-1, 1] (of a sound: of one deviation);
    ``sure`` the probability that its sign is right; ``opinions`` how many opinions it rests on.
    """

    about: str
    name: str
    effect: float
    sure: float
    opinions: int

    @property
    def sentence(self) -> str:
        """The fact in words: ``You like rock more than other songs``."""
        if self.about == "sound":
            return f"You lean towards {self.name}"
        return f"You like {self.name} {'more' if self.effect > 0 else 'less'} than other songs"


def taste_facts(fitted: FittedTaste) -> tuple[TasteFact, ...]:
    """What stands out in that taste, strongest first, at most five of a kind."""
    if fitted.observed is None:
        return ()
    found = [*_traits(fitted, fitted.observed), *_artists(fitted, fitted.observed)]
    found = [fact for fact in found if fact.sure >= LIKELY and abs(fact.effect) >= WORTH_TELLING]
    found.sort(key=lambda fact: (fact.about, -abs(fact.effect), fact.name))
    kept = [fact for _, kind in groupby(found, lambda fact: fact.about) for fact in list(kind)[:MOST_OF_A_KIND]]
    return tuple(sorted(kept, key=lambda fact: -abs(fact.effect)))


def _traits(fitted: FittedTaste, observed: Observed) -> Iterator[TasteFact]:
    mean, deviation = fitted.weights()
    traits = observed.traits
    counts = observed.seen.traits.sum(axis=0)

    def fact(about: str, name: str, place: int, opinions: int) -> TasteFact:
        return TasteFact(about, name, float(mean[place]), _sure(mean[place], deviation[place]), opinions)

    for offset, genre in enumerate(traits.genres):
        place = traits.genre.start + offset
        yield fact("genre", fitted.features.genre_names[genre], place, round(counts[place]))
    for offset, decade in enumerate(traits.decades):
        place = traits.decade.start + offset
        yield fact("decade", f"songs of the {decade}s", place, round(counts[place]))
    for offset, (more, less) in enumerate(SOUND_WORDS):
        place = traits.sound.start + offset
        yield fact("sound", more if mean[place] > 0 else less, place, len(observed.seen.rewards))


def _artists(fitted: FittedTaste, observed: Observed) -> Iterator[TasteFact]:
    mean, deviation = fitted.artists()
    first_rows = dict(zip(observed.seen.artist_of[::-1].tolist(), observed.song_rows[::-1].tolist(), strict=True))
    for number, (effect, sd) in enumerate(zip(mean, deviation, strict=True)):
        opinions = int((observed.seen.artist_of[observed.seen.song] == number).sum())
        name = fitted.features.track(first_rows[number]).artist
        yield TasteFact("artist", name, float(effect), _sure(effect, sd), opinions)


def _sure(mean: float, deviation: float) -> float:
    """Probability that a normal quantity has the sign of its mean."""
    return 0.5 * (1.0 + math.erf(abs(mean) / (max(deviation, 1e-9) * math.sqrt(2.0))))
